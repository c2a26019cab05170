package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import java.time.Duration;
import java.util.Locale;

/** A run's numbers as people read them: one way for the bar, the lines and the table. */
final class Figures {
  private Figures() {}

  static String phase(RunState state) {
    return switch (state) {
      case RUN_STATE_STARTING -> "starting";
      case RUN_STATE_EVALUATING_BEFORE -> "evaluating the starting policy";
      case RUN_STATE_TRAINING -> "training";
      case RUN_STATE_EVALUATING -> "evaluating";
      case RUN_STATE_EVALUATING_AFTER -> "evaluating the trained policy";
      case RUN_STATE_COMPLETED -> "completed";
      case RUN_STATE_FAILED -> "failed";
      case RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> "in a state that this version does not know";
    };
  }

  static boolean isEvaluation(RunState state) {
    return state == RunState.RUN_STATE_EVALUATING_BEFORE
        || state == RunState.RUN_STATE_EVALUATING
        || state == RunState.RUN_STATE_EVALUATING_AFTER;
  }

  static String evaluation(EvaluationSummary summary) {
    return "accuracy %s, %s, %d samples"
        .formatted(
            accuracy(summary.getAccuracy()),
            lengths(
                summary.getMeanLength(),
                summary.getMeanLengthCorrect(),
                summary.getMeanLengthWrong()),
            summary.getSamples());
  }

  static String step(StepSummary step) {
    return "accuracy %s, %s, KL %s"
        .formatted(
            accuracy(step.getAccuracy()),
            lengths(step.getMeanLength(), step.getMeanLengthCorrect(), step.getMeanLengthWrong()),
            kl(step.getKl()));
  }

  /** Throughput and time left, as far as the learner knows them. */
  static String pace(GetStatusResponse status) {
    String pace =
        "%s tokens/s".formatted(String.format(Locale.ROOT, "%,.0f", status.getTokensPerSecond()));
    return status.getSecondsLeft() > 0
        ? pace + ", " + duration(status.getSecondsLeft()) + " left"
        : pace;
  }

  static String accuracy(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.3f", share) : "-";
  }

  /** A mean length in tokens; there is none where nothing was counted. */
  static String length(double tokens) {
    return Double.isFinite(tokens) && tokens > 0 ? String.format(Locale.ROOT, "%.1f", tokens) : "-";
  }

  static String duration(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return time.toHours() > 0
        ? "%d h %d min".formatted(time.toHours(), time.toMinutesPart())
        : time.toMinutes() > 0
            ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
            : time.toSeconds() + " s";
  }

  private static String lengths(double all, double right, double wrong) {
    return "mean length %s (right %s, wrong %s)"
        .formatted(length(all), length(right), length(wrong));
  }

  private static String kl(double kl) {
    return Double.isFinite(kl) ? String.format(Locale.ROOT, "%.1e", kl) : "-";
  }
}

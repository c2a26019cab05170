package dev.drpo.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import dev.drpo.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final EvaluationSummary BEFORE = evaluation(0.7034, 90.12, 71.5, 140.9);
  private static final EvaluationSummary AFTER = evaluation(0.989, 34.04, 34, 0);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void plainLinesTellTheRunOnce() {
    PlainProgress progress = new PlainProgress(out);
    progress.notice("starting the broker");
    progress.show(status(RunState.RUN_STATE_STARTING).build());
    for (int done : new int[] {0, 120, 125, 130, 500}) {
      progress.show(evaluating(RunState.RUN_STATE_EVALUATING_BEFORE, done).build());
    }
    progress.show(status(RunState.RUN_STATE_TRAINING).setBefore(BEFORE).build());
    progress.show(trained(1).setSecondsLeft(250).build());
    progress.show(trained(1).setSecondsLeft(249).build());
    progress.show(trained(2).setSecondsLeft(0).build());
    progress.show(
        evaluating(RunState.RUN_STATE_EVALUATING_AFTER, 375)
            .setBefore(BEFORE)
            .setLastStep(step(3))
            .build());
    progress.show(status(RunState.RUN_STATE_COMPLETED).setBefore(BEFORE).setAfter(AFTER).build());
    progress.close();

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            """
            starting the broker
            evaluating the starting policy
              125 of 500 problems, 3,120 tokens/s
            starting policy: accuracy 0.703, mean length 90.1 (right 71.5, wrong 140.9), 2000 samples
            training: 40 steps
            step 1/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04, 3,120 tokens/s, 4 min 10 s left
            step 2/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04, 3,120 tokens/s
            step 3/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04
            evaluating the trained policy
              375 of 500 problems, 3,120 tokens/s
            trained policy: accuracy 0.989, mean length 34.0 (right 34.0, wrong -), 2000 samples
            """);
  }

  @Test
  void evaluationsInBetweenInterruptTheTrainingAndAreToldOnce() {
    EvaluationSummary first = AFTER.toBuilder().setStep(2).build();
    PlainProgress progress = new PlainProgress(out);
    progress.show(trained(1).build());
    progress.show(
        evaluating(RunState.RUN_STATE_EVALUATING, 250)
            .setStepsDone(2)
            .setLastStep(step(2))
            .build());
    for (int steps : new int[] {2, 3}) {
      progress.show(trained(steps).addEvaluations(BEFORE).addEvaluations(first).build());
    }
    progress.show(
        status(RunState.RUN_STATE_COMPLETED)
            .addEvaluations(BEFORE)
            .addEvaluations(first)
            .addEvaluations(AFTER.toBuilder().setStep(40))
            .setAfter(AFTER)
            .build());
    progress.close();

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines(
            """
            starting policy: accuracy 0.703, mean length 90.1 (right 71.5, wrong 140.9), 2000 samples
            training: 40 steps
            step 1/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04, 3,120 tokens/s
            step 2/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04
            evaluating the policy of step 2
              250 of 500 problems, 3,120 tokens/s
            policy of step 2: accuracy 0.989, mean length 34.0 (right 34.0, wrong -), 2000 samples
            step 3/40: accuracy 0.750, mean length 80.0 (right 75.0, wrong -), KL 1.2e-04, 3,120 tokens/s
            trained policy: accuracy 0.989, mean length 34.0 (right 34.0, wrong -), 2000 samples
            """);
  }

  @Test
  void aLiveBarKeepsTheLinesAboveIt() {
    try (LiveProgress progress = new LiveProgress(out)) {
      progress.show(evaluating(RunState.RUN_STATE_EVALUATING_BEFORE, 500).build());
      progress.show(trained(1).setBefore(BEFORE).build());
      progress.notice("rollout-1 ended unexpectedly");
      Await.until("the bar", () -> bytes.toString(StandardCharsets.UTF_8).contains("1/40"));
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("\r\u001b[Kevaluating the starting policy\n")
        .contains("\r\u001b[Kstarting policy: accuracy 0.703")
        .contains("\r\u001b[Krollout-1 ended unexpectedly\n")
        .containsPattern("steps.*1/40")
        .endsWith("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "true,  xterm, '', LiveProgress",
    "false, xterm, '', PlainProgress",
    "true,  dumb,  '', PlainProgress",
    "true,  xterm, 1,  PlainProgress",
  })
  void barsNeedATerminalThatCanDrawThem(
      boolean terminal, String term, String noColor, String expected) {
    try (Progress progress =
        Progress.on(out, terminal, Map.of("TERM", term, "NO_COLOR", noColor))) {
      assertThat(progress.getClass().getSimpleName()).isEqualTo(expected);
    }
  }

  @Test
  void theComparisonShowsWhatChanged() {
    assertThat(String.join("\n", Comparison.lines(BEFORE, AFTER)))
        .isEqualTo(
            """
                                before     after    change
            accuracy             0.703     0.989    +0.286
            mean length           90.1      34.0    -62.2%
              when right          71.5      34.0    -52.4%
              when wrong         140.9         -         -
            samples               2000      2000""");
  }

  @ParameterizedTest
  @CsvSource({"0.4, 0 s", "59.6, 1 min 0 s", "250, 4 min 10 s", "7260, 2 h 1 min"})
  void durationsHaveTwoUnitsAtMost(double seconds, String text) {
    assertThat(Figures.duration(seconds)).isEqualTo(text);
  }

  private static GetStatusResponse.Builder status(RunState state) {
    return GetStatusResponse.newBuilder()
        .setState(state)
        .setStepsTotal(40)
        .setTokensPerSecond(3120.4);
  }

  private static GetStatusResponse.Builder evaluating(RunState state, int done) {
    return status(state).setPhaseGroupsDone(done).setPhaseGroupsTotal(500);
  }

  private static GetStatusResponse.Builder trained(int steps) {
    return status(RunState.RUN_STATE_TRAINING)
        .setBefore(BEFORE)
        .setStepsDone(steps)
        .setLastStep(step(steps));
  }

  private static StepSummary step(int step) {
    return StepSummary.newBuilder()
        .setStep(step)
        .setAccuracy(0.75)
        .setMeanLength(80)
        .setMeanLengthCorrect(75)
        .setMeanLengthWrong(Double.NaN)
        .setKl(1.23e-4)
        .build();
  }

  private static EvaluationSummary evaluation(
      double accuracy, double length, double right, double wrong) {
    return EvaluationSummary.newBuilder()
        .setAccuracy(accuracy)
        .setMeanLength(length)
        .setMeanLengthCorrect(right)
        .setMeanLengthWrong(wrong)
        .setSamples(2000)
        .build();
  }
}

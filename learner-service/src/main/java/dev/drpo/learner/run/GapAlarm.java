package dev.drpo.learner.run;

import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.runtime.config.RunConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Tells whether sampler and learner are too far apart under the same weights. What lies between
 * them is KL that no update made: a trust region which starts from the sampler's log-probabilities
 * counts it as moved.
 *
 * @param delta of the objective's trust region, nats; empty where there is none
 * @param config the run's
 */
record GapAlarm(OptionalDouble delta, RunConfig config) {
  /** The alarm of a run. */
  static GapAlarm of(RunConfig config) {
    double delta = config.objective().trustRegion().orElse(0);
    // A region without room or without an end has no parts that could be named.
    return new GapAlarm(
        delta > 0 && Double.isFinite(delta) ? OptionalDouble.of(delta) : OptionalDouble.empty(),
        config);
  }

  /** The gap's KL as a share of delta; NaN without a trust region. */
  double share(LogProbabilityGap gap) {
    return delta.isPresent() ? gap.kl() / delta.getAsDouble() : Double.NaN;
  }

  /** Whether the gap is too large. */
  boolean rings(LogProbabilityGap gap) {
    return delta.isPresent()
        ? share(gap) > config.training().gapAlarmOfDelta()
        : gap.kl() > config.training().gapAlarmNats();
  }

  /** What to say and do about it, if it is too large. */
  Optional<String> warning(LogProbabilityGap gap) {
    return rings(gap)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "sampler and learner are %.2e nats of KL a token apart under the same weights, %s: %s",
                gap.kl(),
                bound(gap),
                remedy()))
        : Optional.empty();
  }

  private String bound(LogProbabilityGap gap) {
    return delta.isPresent()
        ? String.format(
            Locale.ROOT,
            "%.2f of objective.delta, and training.gap-alarm-of-delta is %s",
            share(gap),
            config.training().gapAlarmOfDelta())
        : "and training.gap-alarm-nats is " + config.training().gapAlarmNats();
  }

  private String remedy() {
    String same =
        "check that both have the same weights and temperature, and set rollout.compute and"
            + " training.compute to the same type";
    if (!config.training().recomputesOld()) {
      return "updates take it for a step that they made; set training.old-log-probabilities to"
          + " recompute, so that they start from the learner's own log-probabilities, or "
          + same;
    }
    return "updates start from the learner's own log-probabilities, but responses are those of"
        + " another policy; "
        + (config.training().importanceCap() == 0
            ? "set training.importance-cap (2 is a common value) to weigh their tokens by the"
                + " difference, or "
            : "")
        + same;
  }
}

package dev.drpo.planning;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig.Recompute;
import java.util.Locale;
import java.util.Map;

/**
 * How the learner cuts a mini-batch.
 *
 * @param recompute what the backward pass computes again
 * @param microBatch most tokens of one pass
 * @param retained most tokens of a device whose activations are kept
 * @param logits most MiB of logits at once, as {@code training.logits-mebibytes} has it
 */
record Portions(Recompute recompute, int microBatch, int retained, int logits) {
  /** Those of a configuration. */
  static Portions of(RunConfig config) {
    return new Portions(
        config.training().recompute(),
        config.training().tokensPerMicroBatch(),
        config.training().retainedTokens(),
        config.training().logitsMebibytes());
  }

  /** The keys that set them. */
  Map<String, String> keys() {
    return Map.of(
        Keys.RECOMPUTE, recompute.name().toLowerCase(Locale.ROOT),
        Keys.MICRO_BATCH, String.valueOf(microBatch),
        Keys.RETAINED, String.valueOf(retained),
        Keys.LOGITS, String.valueOf(logits));
  }
}

package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.ConfigKeys.requirePositive;
import static dev.drpo.runtime.config.OnResume.FREE;
import static dev.drpo.runtime.config.OnResume.ROUNDING;
import static dev.drpo.runtime.config.OnResume.SHAPES_COSINE;

import java.util.List;
import java.util.Optional;

/** The learner's loop. */
public record TrainingConfig(
    @Key(
            byDefault = "1000",
            bounds = "0 or more",
            means = "Training steps of the whole run.",
            onResume = SHAPES_COSINE)
        int steps,
    @Key(byDefault = "128", bounds = "1 or more", means = "Problems that a step learns from.")
        int promptsPerStep,
    @Key(
            byDefault = "4",
            bounds = "1 or more",
            means =
                "Updates of a step, each from its share of the groups; at most"
                    + " `training.prompts-per-step`.")
        int miniBatchesPerStep,
    @Key(
            byDefault = "0",
            bounds = "0 (off) or more",
            means =
                "Most further prompts of a step, sent out for groups that the objective can learn"
                    + " nothing from, such as those that are all right or all wrong; a group that"
                    + " does have signal takes such a one's place.")
        int mostExtraGroups,
    @Key(
            byDefault = "1",
            bounds = "0 or more",
            means =
                "Policy versions that a rollout may lag behind the learner; 0 is strictly"
                    + " on-policy.")
        int maxLag,
    @Key(
            byDefault = "32768",
            bounds = "1 or more",
            means =
                "Tokens of one forward and backward pass, which has to hold a prompt and a response"
                    + " of the longest size. Sequences are packed without padding, and the"
                    + " responses of a group share their prompt.",
            onResume = ROUNDING)
        int tokensPerMicroBatch,
    @Key(
            byDefault = "32768",
            bounds = "0 or more",
            means =
                "Mini-batches up to this many tokens a device keep their activations and run the"
                    + " forward pass once.",
            onResume = ROUNDING)
        int retainedTokens,
    @Key(
            byDefault = "cpu",
            bounds = "cpu, cuda or cuda:N, or several GPUs with commas between them",
            means =
                "What trains. Several GPUs of this machine, such as `cuda:0,cuda:1`, share out each"
                    + " mini-batch and the optimizer's memory.",
            onResume = ROUNDING)
        String devices,
    @Key(
            byDefault = "none",
            means =
                "What the backward pass computes again instead of keeping it: `layers` keeps only"
                    + " each layer's input, for a third more time and a tenth of the memory.",
            onResume = ROUNDING)
        Recompute recompute,
    @Key(
            byDefault = "0",
            bounds = "0 (as many as suit the device) or more",
            means =
                "Most memory of logits at once; beyond it, the vocabulary head goes in chunks that"
                    + " the backward pass computes again. 0 takes 64 MiB, or the logits of 512"
                    + " tokens on the CPU and of 4,096 on a GPU where these are more: each chunk"
                    + " costs a pass over the whole head.",
            onResume = ROUNDING)
        int logitsMebibytes,
    @Key(
            byDefault = "float32",
            means =
                "`bfloat16` is for the products with weights, and what GPUs ask for. Weights, their"
                    + " gradients, moments, the residual stream, norms and the softmax over the"
                    + " vocabulary stay float32.")
        Precision compute,
    @Key(
            byDefault = "auto",
            means =
                "The policy that the update starts from: `behaviour` takes the log-probabilities"
                    + " that the rollout service sampled with, `recompute` has the learner compute"
                    + " them under the weights that a step starts with. For the first mini-batch its"
                    + " own forward pass does, for the others one that comes before. `auto` is"
                    + " `recompute` where responses may be of older weights than those"
                    + " (`training.max-lag` above 0), and else `behaviour`.")
        OldLogProbabilities oldLogProbabilities,
    @Key(
            byDefault = "0.5",
            bounds = "above 0 (Infinity is off)",
            means =
                "Warns when KL(sampler || learner) under the same weights is more than this part of"
                    + " `objective.delta`, for objectives that have one: with old log-probabilities"
                    + " as sampled, the gap takes that much of the trust region before an update"
                    + " takes any.",
            onResume = FREE)
        double gapAlarmOfDelta,
    @Key(
            byDefault = "0.001",
            bounds = "above 0 (Infinity is off)",
            means =
                "The same for objectives without a trust region, in nats a token: at the default,"
                    + " probability ratios stray by 4.5% in the root mean square, under a quarter of"
                    + " the usual clip.",
            onResume = FREE)
        double gapAlarmNats,
    @Key(
            byDefault = "8",
            bounds = "0 (off) or more",
            means =
                "Prompts of a step whose responses the KL after its last update is measured on,"
                    + " by one more forward pass over them.",
            onResume = FREE)
        int klPrompts,
    @Key(
            byDefault = "2.0",
            bounds = "0 (off) or 1 or more: a smaller cap would weaken tokens that did not drift",
            means =
                "Where old log-probabilities are recomputed: weighs each token, in the objective and"
                    + " in its KL, by the recomputed over the sampled probability, at most this, so"
                    + " that responses of another policy count as that of the step's start would"
                    + " have drawn them.")
        double importanceCap,
    @Key(
            byDefault = "none",
            bounds = RatioBand.BOUNDS,
            means =
                "Leaves out the tokens whose recomputed over sampled probability lies outside, as"
                    + " IcePop does (`0.5..5` there): they have no weight, and do not count in the"
                    + " KL. Needs `training.old-log-probabilities: recompute`.")
        String importanceBand,
    @Key(
            byDefault = "none",
            bounds = RatioBand.BOUNDS,
            means =
                "Leaves out the responses for which the geometric mean of that ratio over their"
                    + " tokens lies outside. Their group keeps its rewards, advantages and weights."
                    + " Needs `training.old-log-probabilities: recompute`.")
        String responseBand,
    @Key(
            byDefault = "mini-batch",
            means =
                "Over what the objective's divisor and its KL hinge are taken: the mini-batch,"
                    + " which makes the update independent of how it is computed, or the"
                    + " micro-batch of `training.prompts-per-hinge` prompts, as the paper's code"
                    + " does.")
        Hinge hinge,
    @Key(
            byDefault = "4",
            bounds = "1 or more",
            means = "Prompts of a micro-batch under `training.hinge: micro-batch`.")
        int promptsPerHinge,
    @Key(
            byDefault = "3",
            bounds = "0 or more",
            means =
                "A mini-batch whose log-probabilities, objective or gradient are not finite is"
                    + " skipped; more than this many in a row stop the run.",
            onResume = FREE)
        int badStepsAllowed,
    @Key(
            byDefault = "20",
            bounds = "1 or more",
            means = "Steps from one checkpoint to the next.",
            onResume = FREE)
        int checkpointEvery,
    @Key(
            byDefault = "2",
            bounds = "1 or more",
            means = "The newest checkpoints, which are kept.",
            onResume = FREE)
        int checkpointsKept,
    @Key(
            byDefault = "1",
            bounds = "1 or more",
            means = "Micro-batches that a CPU computes at once.",
            onResume = ROUNDING)
        int threads) {

  /** What the backward pass computes again instead of keeping it. */
  public enum Recompute {
    NONE,
    LAYERS
  }

  /** Whose log-probabilities an update starts from. */
  public enum OldLogProbabilities {
    AUTO,
    BEHAVIOUR,
    RECOMPUTE
  }

  /** Over what the objective's divisor and its KL hinge are taken. */
  public enum Hinge {
    MINI_BATCH,
    MICRO_BATCH
  }

  public TrainingConfig {
    requireBounds(steps >= 0, "training.steps", steps);
    requirePositive("training.prompts-per-step", promptsPerStep);
    requirePositive("training.mini-batches-per-step", miniBatchesPerStep);
    requireBounds(mostExtraGroups >= 0, "training.most-extra-groups", mostExtraGroups);
    requireBounds(maxLag >= 0, "training.max-lag", maxLag);
    requirePositive("training.tokens-per-micro-batch", tokensPerMicroBatch);
    requireBounds(retainedTokens >= 0, "training.retained-tokens", retainedTokens);
    Device.requireList("training.devices", devices);
    require(
        Device.areCpus(Device.names(devices)) || threads == 1,
        "training.threads",
        threads,
        "training.devices is "
            + devices
            + ", each of which computes one micro-batch at a time; set it to 1");
    require(
        Device.areCpus(Device.names(devices)) || compute == Precision.BFLOAT16,
        "training.compute",
        compute.configName(),
        "training.devices is "
            + devices
            + ", whose flash attention knows no float32: it would go by small blocks, a slow path;"
            + " set training.compute: bfloat16");
    requireBounds(logitsMebibytes >= 0, "training.logits-mebibytes", logitsMebibytes);
    requireBounds(gapAlarmOfDelta > 0, "training.gap-alarm-of-delta", gapAlarmOfDelta);
    requireBounds(gapAlarmNats > 0, "training.gap-alarm-nats", gapAlarmNats);
    requireBounds(klPrompts >= 0, "training.kl-prompts", klPrompts);
    requireBounds(
        importanceCap == 0 || importanceCap >= 1, "training.importance-cap", importanceCap);
    requireBand(
        "training.importance-band", importanceBand, recomputes(oldLogProbabilities, maxLag));
    requireBand("training.response-band", responseBand, recomputes(oldLogProbabilities, maxLag));
    requirePositive("training.prompts-per-hinge", promptsPerHinge);
    requireBounds(badStepsAllowed >= 0, "training.bad-steps-allowed", badStepsAllowed);
    requirePositive("training.checkpoint-every", checkpointEvery);
    requirePositive("training.checkpoints-kept", checkpointsKept);
    requirePositive("training.threads", threads);
  }

  private static void requireBand(String key, String value, boolean recomputes) {
    Optional<RatioBand> band = RatioBand.parse(value);
    requireBounds(band.isPresent(), key, value);
    require(
        recomputes || band.get().isNone(),
        key,
        value,
        "it goes by log-probabilities of the learner's own, so that it asks for"
            + " training.old-log-probabilities: recompute");
  }

  /** Names of the devices that train side by side. */
  public List<String> deviceNames() {
    return Device.names(devices);
  }

  /**
   * Whether updates start from log-probabilities that the learner computes under the weights of the
   * step's start, rather than from those that the responses were sampled with.
   */
  public boolean recomputesOld() {
    return recomputes(oldLogProbabilities, maxLag);
  }

  private static boolean recomputes(OldLogProbabilities old, int maxLag) {
    return switch (old) {
      case AUTO -> maxLag > 0;
      case BEHAVIOUR -> false;
      case RECOMPUTE -> true;
    };
  }

  /** Probability ratios of tokens that count. */
  public RatioBand tokenRatios() {
    return RatioBand.parse(importanceBand).orElseThrow();
  }

  /** Geometric means of a response's probability ratios with which it counts. */
  public RatioBand responseRatios() {
    return RatioBand.parse(responseBand).orElseThrow();
  }

  /** Whether tokens of a step count differently by how far sampler and learner are apart. */
  public boolean weighsTokens() {
    return recomputesOld()
        && (importanceCap > 0 || !tokenRatios().isNone() || !responseRatios().isNone());
  }

  public boolean onCpu() {
    return Device.areCpus(deviceNames());
  }

  /** Numbers of the GPUs that train, from 0 on; none on the CPU. */
  public List<Integer> gpus() {
    return Device.gpus(deviceNames());
  }
}

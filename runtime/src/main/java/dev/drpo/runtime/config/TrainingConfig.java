package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.Requirements.requireOneOf;
import static dev.drpo.runtime.config.Requirements.requirePositive;

import java.util.List;
import java.util.Set;

/** The learner's loop. */
public record TrainingConfig(
    int steps,
    int promptsPerStep,
    int miniBatchesPerStep,
    int mostExtraGroups,
    int maxLag,
    int tokensPerMicroBatch,
    int retainedTokens,
    String devices,
    String recompute,
    int logitsMebibytes,
    String compute,
    String oldLogProbabilities,
    double logProbabilityAlarm,
    double importanceCap,
    String hinge,
    int promptsPerHinge,
    int badStepsAllowed,
    int checkpointEvery,
    int checkpointsKept,
    int threads) {
  public static final List<String> RECOMPUTE = List.of("none", "layers");
  public static final List<String> OLD_LOG_PROBABILITIES = List.of("behaviour", "recompute");
  public static final List<String> HINGES = List.of("mini-batch", "micro-batch");

  public TrainingConfig {
    require(steps >= 0, "training.steps", steps, "it must be 0 or more");
    requirePositive("training.prompts-per-step", promptsPerStep);
    requirePositive("training.mini-batches-per-step", miniBatchesPerStep);
    require(
        mostExtraGroups >= 0,
        "training.most-extra-groups",
        mostExtraGroups,
        "it must be 0 (off) or more");
    require(maxLag >= 0, "training.max-lag", maxLag, "it must be 0 or more");
    requirePositive("training.tokens-per-micro-batch", tokensPerMicroBatch);
    require(
        retainedTokens >= 0, "training.retained-tokens", retainedTokens, "it must be 0 or more");
    requireDevices(devices);
    require(
        devices.startsWith("cpu") || threads == 1,
        "training.threads",
        threads,
        "training.devices is "
            + devices
            + ", each of which computes one micro-batch at a time; set it to 1");
    requireOneOf("training.recompute", recompute, RECOMPUTE);
    requirePositive("training.logits-mebibytes", logitsMebibytes);
    requireOneOf("training.compute", compute, RunConfig.Rollout.COMPUTE);
    requireOneOf("training.old-log-probabilities", oldLogProbabilities, OLD_LOG_PROBABILITIES);
    require(
        logProbabilityAlarm > 0,
        "training.log-probability-alarm",
        logProbabilityAlarm,
        "it must be above 0 (Infinity is off)");
    require(
        importanceCap == 0 || importanceCap >= 1,
        "training.importance-cap",
        importanceCap,
        "it must be 0 (off) or 1 or more: a smaller cap would weaken tokens that did not drift");
    require(
        importanceCap == 0 || oldLogProbabilities.equals("recompute"),
        "training.importance-cap",
        importanceCap,
        "it corrects from recomputed to sampled log-probabilities; set"
            + " training.old-log-probabilities to recompute, or the cap to 0 (off)");
    requireOneOf("training.hinge", hinge, HINGES);
    requirePositive("training.prompts-per-hinge", promptsPerHinge);
    require(
        badStepsAllowed >= 0,
        "training.bad-steps-allowed",
        badStepsAllowed,
        "it must be 0 or more");
    requirePositive("training.checkpoint-every", checkpointEvery);
    requirePositive("training.checkpoints-kept", checkpointsKept);
    requirePositive("training.threads", threads);
  }

  /** Names of the devices that train side by side. */
  public List<String> deviceNames() {
    return List.of(devices.split(",", -1));
  }

  private static void requireDevices(String devices) {
    List<String> names = List.of(devices.split(",", -1));
    require(
        names.stream().allMatch(name -> name.matches(Requirements.DEVICE)),
        "training.devices",
        devices,
        "it must be cpu, cuda or cuda:N, or several GPUs with commas between them");
    List<Integer> gpus =
        names.stream()
            .filter(name -> !name.equals("cpu"))
            .map(name -> name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5)))
            .toList();
    require(
        gpus.isEmpty() || gpus.size() == names.size(),
        "training.devices",
        devices,
        "GPUs would wait for the CPU in every step; name one kind");
    require(
        Set.copyOf(gpus).size() == gpus.size(),
        "training.devices",
        devices,
        "it must name a GPU once: two copies of a policy on it gain nothing");
  }
}

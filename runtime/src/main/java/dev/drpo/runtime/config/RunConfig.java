package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.Requirements.requireDevice;
import static dev.drpo.runtime.config.Requirements.requireOneOf;
import static dev.drpo.runtime.config.Requirements.requirePositive;
import static dev.drpo.runtime.config.Requirements.requireTemperature;
import static dev.drpo.runtime.config.Requirements.requireTopP;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that defines a run, read once at the start of every process; see {@code base.yaml} for
 * what each key means. Each record refuses values that it can't honour.
 */
public record RunConfig(
    Run run,
    Kafka kafka,
    Data data,
    Policy policy,
    Sampling sampling,
    ObjectiveConfig objective,
    Optimizer optimizer,
    TrainingConfig training,
    Weights weights,
    Evaluation evaluation,
    Rollout rollout,
    Reward reward,
    Learner learner) {
  public RunConfig {
    require(
        training.miniBatchesPerStep() <= training.promptsPerStep(),
        "training.mini-batches-per-step",
        training.miniBatchesPerStep(),
        "it must not exceed training.prompts-per-step (" + training.promptsPerStep() + ")");
    int longest = sampling.maxPromptTokens() + sampling.maxResponseTokens();
    require(
        training.tokensPerMicroBatch() >= longest,
        "training.tokens-per-micro-batch",
        training.tokensPerMicroBatch(),
        "it must hold one prompt and response of the longest size ("
            + longest
            + " = sampling.max-prompt-tokens + sampling.max-response-tokens)");
    require(
        rollout.slots() >= sampling.groupSize(),
        "rollout.slots",
        rollout.slots(),
        "it must hold one group (sampling.group-size is " + sampling.groupSize() + ")");
    require(
        rollout.slots() >= evaluation.samples(),
        "rollout.slots",
        rollout.slots(),
        "it must hold one evaluation group (evaluation.samples is " + evaluation.samples() + ")");
    require(
        sampling.topP() == 1.0,
        "sampling.top-p",
        sampling.topP(),
        "training samples must come from the whole distribution, since the objective's"
            + " log-probabilities are of the untruncated policy; set it to 1.0 (evaluation.top-p is"
            + " free)");
    require(
        sampling.temperature() > 0,
        "sampling.temperature",
        sampling.temperature(),
        "training needs a temperature above 0, since greedy responses have no log-probability to"
            + " learn from");
    require(
        !objective.isGroupRelative() || sampling.groupSize() > 1,
        "sampling.group-size",
        sampling.groupSize(),
        objective.name()
            + " compares responses within a group, so that a group needs at least 2 of them");
    require(
        training.mostExtraGroups() == 0 || sampling.groupSize() > 1,
        "training.most-extra-groups",
        training.mostExtraGroups(),
        "a group of one response (sampling.group-size) never has signal, so that further ones are of"
            + " no use; set it to 0");
    if (!objective.takesRealRewards()) {
      requireRightOrWrong(reward.functions(), objective.name());
    }
  }

  /**
   * Identity of the run.
   *
   * @param id also the prefix of its topics
   * @param resumeChanged whether a checkpoint of other settings is gone on from
   */
  public record Run(String id, Path directory, long seed, boolean resumeChanged) {
    public Run {
      require(
          id.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}"),
          "run.id",
          id,
          "it must be 1 to 100 letters, digits, '.', '_' or '-', since it prefixes the topic names");
    }
  }

  /** The broker and the work queues' leases. */
  public record Kafka(
      String bootstrapServers,
      int leaseSeconds,
      int maxDeliveries,
      int partitions,
      int replicationFactor) {
    public Kafka {
      require(
          !bootstrapServers.isBlank(),
          "kafka.bootstrap-servers",
          "'" + bootstrapServers + "'",
          "it must list host:port pairs");
      require(
          leaseSeconds >= 1 && leaseSeconds <= 3600,
          "kafka.lease-seconds",
          leaseSeconds,
          "it must be between 1 and 3600");
      require(
          maxDeliveries >= 2 && maxDeliveries <= 10,
          "kafka.max-deliveries",
          maxDeliveries,
          "it must be between 2 and 10, the range a broker accepts");
      requirePositive("kafka.partitions", partitions);
      requirePositive("kafka.replication-factor", replicationFactor);
    }
  }

  /** JSON-lines files of problems. */
  public record Data(Path train, Path heldout) {}

  /** The Hugging Face folder that training starts from. */
  public record Policy(Path path) {}

  /** How training responses are sampled. Lengths are in tokens. */
  public record Sampling(
      int groupSize, double temperature, double topP, int maxPromptTokens, int maxResponseTokens) {
    public Sampling {
      requirePositive("sampling.group-size", groupSize);
      requireTemperature("sampling.temperature", temperature);
      requireTopP("sampling.top-p", topP);
      requirePositive("sampling.max-prompt-tokens", maxPromptTokens);
      requirePositive("sampling.max-response-tokens", maxResponseTokens);
    }
  }

  /** AdamW and gradient clipping. */
  public record Optimizer(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double maxGradientNorm,
      String schedule,
      int warmupSteps) {
    public static final List<String> SCHEDULES = List.of("constant", "cosine");

    public Optimizer {
      requirePositive("optimizer.learning-rate", learningRate);
      require(beta1 >= 0 && beta1 < 1, "optimizer.beta1", beta1, "it must lie in [0, 1)");
      require(beta2 >= 0 && beta2 < 1, "optimizer.beta2", beta2, "it must lie in [0, 1)");
      requirePositive("optimizer.epsilon", epsilon);
      require(weightDecay >= 0, "optimizer.weight-decay", weightDecay, "it must be 0 or more");
      requirePositive("optimizer.max-gradient-norm", maxGradientNorm);
      requireOneOf("optimizer.schedule", schedule, SCHEDULES);
      require(warmupSteps >= 0, "optimizer.warmup-steps", warmupSteps, "it must be 0 or more");
    }
  }

  /**
   * How new weights travel to the rollout replicas.
   *
   * @param type element type of the weights that replicas get
   * @param mostPatchFraction a patch that takes more of the full weights' bytes is not published
   * @param patchChunkBytes most bytes of a patch in one record
   */
  public record Weights(String type, double mostPatchFraction, int patchChunkBytes) {
    public static final List<String> TYPES = List.of("float32", "bfloat16");

    private static final int LEAST_CHUNK_BYTES = 1024;
    private static final int MOST_CHUNK_BYTES = 8_000_000;

    public Weights {
      require(TYPES.contains(type), "weights.type", type, "it must be one of " + TYPES);
      require(
          mostPatchFraction >= 0 && mostPatchFraction <= 1,
          "weights.most-patch-fraction",
          mostPatchFraction,
          "it must lie between 0 (never a patch) and 1");
      require(
          patchChunkBytes >= LEAST_CHUNK_BYTES && patchChunkBytes <= MOST_CHUNK_BYTES,
          "weights.patch-chunk-bytes",
          patchChunkBytes,
          "it must be between "
              + LEAST_CHUNK_BYTES
              + " and "
              + MOST_CHUNK_BYTES
              + ", what a record of this project holds");
    }
  }

  /** Evaluation on held-out problems before and after training. */
  public record Evaluation(int problems, int samples, double temperature, double topP) {
    public Evaluation {
      require(problems >= 0, "evaluation.problems", problems, "it must be 0 (off) or more");
      requirePositive("evaluation.samples", samples);
      requireTemperature("evaluation.temperature", temperature);
      requireTopP("evaluation.top-p", topP);
    }
  }

  /**
   * A rollout replica's engine.
   *
   * @param slots responses decoded at once
   * @param engines threads that decode, or 0 for as many as suit the device
   * @param threads threads that one tensor operation may use
   * @param device cpu, cuda or cuda:N
   * @param compute element type of weights, activations and caches
   */
  public record Rollout(
      int slots, int engines, int threads, String device, String compute, String weightUpdates) {
    public static final List<String> WEIGHT_UPDATES = List.of("finish-then-swap", "swap-in-flight");
    public static final List<String> COMPUTE = List.of("float32", "bfloat16");

    public Rollout {
      requirePositive("rollout.slots", slots);
      require(
          engines >= 0 && engines <= slots,
          "rollout.engines",
          engines,
          "it must be 0 (as many as suit the device) to rollout.slots (" + slots + ")");
      requirePositive("rollout.threads", threads);
      requireDevice("rollout.device", device);
      requireOneOf("rollout.compute", compute, COMPUTE);
      require(
          device.equals("cpu") || compute.equals("bfloat16"),
          "rollout.compute",
          compute,
          "rollout.device is " + device + ", whose attention takes bfloat16 alone");
      require(
          device.equals("cpu") || engines <= 1,
          "rollout.engines",
          engines,
          "rollout.device is "
              + device
              + ", where one engine uses the whole of it; set it to 1 or 0");
      requireOneOf("rollout.weight-updates", weightUpdates, WEIGHT_UPDATES);
    }
  }

  /**
   * What responses are worth.
   *
   * @param conventions the judge's conventions by name, other than {@code require-think}
   * @param functions weights of the reward functions by name, in order; the first judges the answer
   * @param remoteAddress host:port of the {@code remote} function's judge, or empty
   * @param remoteDeadlineMillis longest wait for its verdict on one response
   */
  public record Reward(
      boolean requireThink,
      Map<String, String> conventions,
      Map<String, Double> functions,
      String remoteAddress,
      int remoteDeadlineMillis,
      boolean consumeRollouts) {
    /** The function that asks a judge over gRPC. */
    public static final String REMOTE = "remote";

    private static final String REQUIRE_THINK = "require-think";

    public Reward {
      conventions = Collections.unmodifiableMap(new LinkedHashMap<>(conventions));
      functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
      require(
          !conventions.containsKey(REQUIRE_THINK),
          "reward.conventions." + REQUIRE_THINK,
          conventions.get(REQUIRE_THINK),
          "set reward.require-think instead");
      require(
          !functions.isEmpty(),
          "reward.functions",
          functions,
          "it must name at least one function, such as {answer: 1.0}");
      functions.forEach(
          (name, weight) ->
              require(
                  weight >= 0 && Double.isFinite(weight),
                  "reward.functions." + name,
                  weight,
                  "a weight must be 0 (logged only) or more, and finite"));
      String judge = functions.keySet().iterator().next();
      require(
          functions.get(judge) > 0,
          "reward.functions." + judge,
          functions.get(judge),
          "the first function judges the answer, so that its weight must be above 0");
      boolean remote = functions.containsKey(REMOTE);
      require(
          remoteAddress.isEmpty() ? !remote : remoteAddress.matches(".+:\\d{1,5}"),
          "reward.remote-address",
          "'" + remoteAddress + "'",
          "it must be host:port where reward.functions names " + REMOTE);
      require(
          remoteDeadlineMillis >= 1 && remoteDeadlineMillis <= 120_000,
          "reward.remote-deadline-millis",
          remoteDeadlineMillis,
          "it must be between 1 and 120000, since a service that waits longer is taken to hang");
    }
  }

  /** Where rollout replicas reach the learner. */
  public record Learner(String address) {
    public Learner {
      require(address.matches(".+:\\d{1,5}"), "learner.address", address, "it must be host:port");
    }
  }

  /** Refuses weights that an objective would ignore, since it only tells right from wrong. */
  private static void requireRightOrWrong(Map<String, Double> functions, String objective) {
    String judge = functions.keySet().iterator().next();
    functions.forEach(
        (name, weight) ->
            require(
                weight == (name.equals(judge) ? 1 : 0),
                "reward.functions." + name,
                weight,
                name.equals(judge)
                    ? objective + " learns from right and wrong alone, so that it must be 1"
                    : objective
                        + " learns from right and wrong alone, so that it must be 0, which logs"
                        + " the function's values; grpo and dr-grpo learn from the weighted sum"));
  }
}

package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.ConfigKeys.requireBetween;
import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.ConfigKeys.requirePositive;
import static dev.drpo.runtime.config.ConfigKeys.requireTemperature;
import static dev.drpo.runtime.config.ConfigKeys.requireTopP;
import static dev.drpo.runtime.config.OnResume.FREE;
import static dev.drpo.runtime.config.OnResume.NEVER;

import dev.drpo.objectives.ObjectiveConfig;
import java.nio.file.Path;
import java.util.Map;

/**
 * Everything that defines a run, read once at the start of every process. A component's {@link Key}
 * says what it means and what a run has that says nothing; docs/configuration.md is made from them.
 * Each record refuses values that it can't honour.
 */
public record RunConfig(
    @Section("Identity of the run.") Run run,
    @Section("The broker and the work queues' leases.") Kafka kafka,
    @Section(
            "Problems, as JSON lines: id, messages, gold or golds, metadata"
                + " ([training.md](training.md)).")
        Data data,
    @Section("What training starts from.") Policy policy,
    @Section("How training responses are sampled.") Sampling sampling,
    @Section(
            "What is maximised. An option that the chosen objective does not take keeps its"
                + " default.")
        ObjectiveConfig objective,
    @Section("AdamW and gradient clipping.") OptimizerConfig optimizer,
    @Section("The learner's loop.") TrainingConfig training,
    @Section("How new weights travel to the rollout replicas.") Weights weights,
    @Section(
            "Evaluation on held-out problems: before and after training, and in between if wanted.")
        Evaluation evaluation,
    @Section("A rollout replica's engine.") RolloutConfig rollout,
    @Section("What responses are worth.") RewardConfig reward,
    @Section("Where rollout replicas reach the learner, and when it ends.") Learner learner,
    @Section("Which responses are kept for people ([watching.md](watching.md)).")
        SamplesConfig samples,
    @Section("Who else is told of the run ([tracking.md](tracking.md)).") TrackingConfig tracking,
    @Section(
            "Who follows groups through the services"
                + " ([tracking.md](tracking.md#opentelemetry)).")
        TracingConfig tracing,
    @Section("Certificates of the services and of who calls them ([SECURITY.md](../SECURITY.md)).")
        TlsConfig tls,
    @Section(
            "Who may call the judge and the OpenAI endpoint, and how much; callers are told apart"
                + " by their token, or else by their address.")
        CallersConfig callers) {

  private static final String ADDRESS = ".+:\\d{1,5}";

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
    long longestOfEngines = (long) Math.max(1, rollout.engines()) * sampling.maxResponseTokens();
    require(
        rollout.kvCacheTokens() == 0 || rollout.kvCacheTokens() >= longestOfEngines,
        "rollout.kv-cache-tokens",
        rollout.kvCacheTokens(),
        "each engine needs room for a response of the longest size, so that it must be "
            + longestOfEngines
            + " or more (rollout.engines times sampling.max-response-tokens), or 0 (room for every"
            + " slot at its longest)");
    require(
        !rollout.usesServer() || training.recomputesOld(),
        "rollout.engine",
        rollout.engine(),
        "a server's log-probabilities differ from the learner's by more than an update may, so that"
            + " it asks for training.old-log-probabilities: recompute");
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
        "a group of one response (sampling.group-size) never has signal, so that further ones are"
            + " of no use; set it to 0");
    BudgetStages.requireReached(sampling.responseBudgets(), training.steps());
    RecordBudget.requireFits(sampling, evaluation);
    if (!objective.takesRealRewards()) {
      reward.requireRightOrWrong(objective.name());
    }
    if (objective.cutsAfterAnswer()) {
      reward.requireJudgeOfReasoning();
    }
  }

  static boolean isAddress(String text) {
    return text.matches(ADDRESS);
  }

  /** Identity of the run. */
  public record Run(
      @Key(
              byDefault = "drpo",
              bounds =
                  "1 to 100 letters, digits, '.', '_' or '-', since it prefixes the topic names",
              means = "Names the run in logs, metrics and records, and prefixes its topics.",
              onResume = NEVER)
          String id,
      @Key(
              byDefault = "runs/drpo",
              means =
                  "Where the learner writes checkpoints, metrics, the report and the final policy.",
              onResume = FREE)
          Path directory,
      @Key(
              byDefault = "0",
              means = "Of everything that is drawn: the order of problems, and responses.")
          long seed,
      @Key(
              byDefault = "false",
              means =
                  "A checkpoint is resumed only under the settings that it was written with, apart"
                      + " from those that leave the run's course as it is. `true` resumes it under"
                      + " changed ones, which the log names.",
              onResume = FREE)
          boolean resumeChanged) {
    public Run {
      requireBounds(id.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}"), "run.id", id);
    }
  }

  /** The broker and the work queues' leases. */
  public record Kafka(
      @Key(
              byDefault = "localhost:9092",
              bounds = "a list of host:port pairs",
              means = "The broker, Kafka 4.3 or newer.",
              onResume = FREE)
          String bootstrapServers,
      @Key(
              byDefault = "30",
              bounds = "between 1 and 3600",
              means =
                  "A worker that neither finishes nor renews a record within this time, in seconds,"
                      + " loses it to another worker.",
              onResume = FREE)
          int leaseSeconds,
      @Key(
              byDefault = "5",
              bounds = "between 2 and 10, the range a broker accepts",
              means =
                  "Deliveries of one record before it becomes a dead letter. A worker that dies"
                      + " costs the records that it held one delivery each, and up to three more"
                      + " in all.",
              onResume = FREE)
          int maxDeliveries,
      @Key(
              byDefault = "1",
              bounds = "1 or more",
              means =
                  "Of the logs of scored groups and dead letters. The work queues and the weights"
                      + " have one each, which any number of workers share.",
              onResume = FREE)
          int partitions,
      @Key(
              byDefault = "1",
              bounds = "1 or more",
              means = "Brokers that hold a copy of each topic.",
              onResume = FREE)
          int replicationFactor,
      @Key(
              byDefault = "",
              bounds = "a path, or empty",
              means =
                  "A properties file of further settings for every client of the broker, such as"
                      + " `security.protocol`, `ssl.*` and `sasl.*`; what the project sets itself"
                      + " is refused. Read whenever a client is opened. Nothing of it is logged or"
                      + " copied.",
              onResume = FREE)
          String clientProperties) {
    public Kafka {
      requireBounds(
          !bootstrapServers.isBlank(), "kafka.bootstrap-servers", "'" + bootstrapServers + "'");
      requireBetween("kafka.lease-seconds", 1, leaseSeconds, 3600);
      requireBetween("kafka.max-deliveries", 2, maxDeliveries, 10);
      requirePositive("kafka.partitions", partitions);
      requirePositive("kafka.replication-factor", replicationFactor);
    }

    /** The same at another address. */
    public Kafka at(String address) {
      return new Kafka(
          address, leaseSeconds, maxDeliveries, partitions, replicationFactor, clientProperties);
    }
  }

  /** JSON-lines files of problems. */
  public record Data(
      @Key(
              byDefault = "datasets/quickstart/train.jsonl",
              means = "Problems to learn from. A resumed run takes any file of the same content.",
              onResume = FREE)
          Path train,
      @Key(
              byDefault = "datasets/quickstart/heldout.jsonl",
              means = "Problems to evaluate on. A resumed run takes any file of the same content.",
              onResume = FREE)
          Path heldout) {}

  /** The Hugging Face folder that training starts from. */
  public record Policy(
      @Key(
              byDefault = "datasets/quickstart/policy",
              means =
                  "A Hugging Face folder ([checkpoints.md](checkpoints.md)). A resumed run takes"
                      + " any with the same architecture and tokenizer.",
              onResume = FREE)
          Path path) {}

  /** How training responses are sampled. Lengths are in tokens. */
  public record Sampling(
      @Key(
              byDefault = "8",
              bounds = "1 or more",
              means =
                  "Responses to one prompt; objectives that compare them with each other need 2.")
          int groupSize,
      @Key(
              byDefault = "0.6",
              bounds = "0 (greedy) or more, finite",
              means = "Divides the logits; above 0 in training, which can't learn from the greedy.")
          double temperature,
      @Key(
              byDefault = "1.0",
              bounds = "in (0, 1]",
              means = "1 in training, whose samples must come from the whole distribution.")
          double topP,
      @Key(
              byDefault = "1024",
              bounds = "1 or more",
              means = "Problems with longer prompts are left out and counted.")
          int maxPromptTokens,
      @Key(
              byDefault = "8192",
              bounds = "1 or more",
              means =
                  "A response ends here at the latest. It is the objectives' length budget, unless"
                      + " `sampling.response-budgets` says otherwise.")
          int maxResponseTokens,
      @Key(
              byDefault = "",
              bounds = "steps, 0 or more, and tokens, at most `sampling.max-response-tokens`",
              means =
                  "Stages of a smaller length budget: `{100: 4096, 200: 2048}` ends responses at"
                      + " 4,096 tokens once 100 steps are taken, and at 2,048 once 200 are."
                      + " Objectives go by the budget of the step. Evaluations keep the whole one,"
                      + " and memory is planned for it.")
          Map<Long, Integer> responseBudgets) {
    public Sampling {
      requirePositive("sampling.group-size", groupSize);
      requireTemperature("sampling.temperature", temperature);
      requireTopP("sampling.top-p", topP);
      requirePositive("sampling.max-prompt-tokens", maxPromptTokens);
      requirePositive("sampling.max-response-tokens", maxResponseTokens);
      responseBudgets = BudgetStages.ordered(responseBudgets, maxResponseTokens);
    }

    /**
     * The most tokens of a response of a training step.
     *
     * @param step the first is 0
     */
    public int responseBudget(long step) {
      return BudgetStages.at(step, responseBudgets, maxResponseTokens);
    }
  }

  /** How new weights travel to the rollout replicas. */
  public record Weights(
      @Key(
              byDefault = "float32",
              means =
                  "Element type of the weights that replicas sample with. The learner's own stay"
                      + " float32. bfloat16 halves a snapshot, and lets an update travel as a patch"
                      + " of about a hundredth of that.")
          Precision type,
      @Key(
              byDefault = "0.25",
              bounds = "between 0 (never a patch) and 1",
              means =
                  "A bfloat16 update whose patch takes more than this fraction of the full weights"
                      + " is announced alone, and replicas fetch the snapshot: the broker is no"
                      + " place for bulk.",
              onResume = FREE)
          double mostPatchFraction,
      @Key(
              byDefault = "900000",
              bounds = "between 1024 and 8000000, what a record of this project holds",
              means = "Most bytes of a patch in one record, below a broker's usual limit of 1 MB.",
              onResume = FREE)
          int patchChunkBytes) {
    public Weights {
      requireBounds(
          mostPatchFraction >= 0 && mostPatchFraction <= 1,
          "weights.most-patch-fraction",
          mostPatchFraction);
      requireBetween("weights.patch-chunk-bytes", 1024, patchChunkBytes, 8_000_000);
    }
  }

  /** Evaluation on held-out problems before, after and in between. */
  public record Evaluation(
      @Key(
              byDefault = "1000000",
              bounds = "0 (off) or more",
              means =
                  "Most held-out problems, from the first of the file on; the default takes all of"
                      + " any file.")
          int problems,
      @Key(byDefault = "4", bounds = "1 or more", means = "Responses to each.") int samples,
      @Key(
              byDefault = "0",
              bounds = "0 (before and after training only) or more",
              means =
                  "Training steps from one evaluation to the next; each begins with a checkpoint."
                      + " The best policy that was evaluated is kept in the run's folder `best`.",
              onResume = FREE)
          int every,
      @Key(byDefault = "0.6", bounds = "0 (greedy) or more, finite", means = "Divides the logits.")
          double temperature,
      @Key(
              byDefault = "0.95",
              bounds = "in (0, 1]",
              means = "Samples from the likeliest tokens of this much probability.")
          double topP,
      @Key(
              byDefault = "",
              bounds = "a name, or empty",
              means =
                  "Metadata of a held-out problem that names its set, such as `set`: evaluations"
                      + " are told by set as well, and the best policy is the one with the best"
                      + " mean over sets. Empty takes the file as one set.",
              onResume = FREE)
          String sets) {
    public Evaluation {
      requireBounds(problems >= 0, "evaluation.problems", problems);
      requirePositive("evaluation.samples", samples);
      requireBounds(every >= 0, "evaluation.every", every);
      requireTemperature("evaluation.temperature", temperature);
      requireTopP("evaluation.top-p", topP);
    }
  }

  /** Where rollout replicas reach the learner, and when it ends. */
  public record Learner(
      @Key(
              byDefault = "localhost:9000",
              bounds = "host:port",
              means = "The learner's gRPC service.",
              onResume = FREE)
          String address,
      @Key(
              byDefault = "false",
              means =
                  "Whether the learner's process ends, with exit code 0, once the run is complete,"
                      + " as a Job's does. Else it stays, so that its status and weights can be"
                      + " read.",
              onResume = FREE)
          boolean exitWhenComplete) {
    public Learner {
      requireBounds(isAddress(address), "learner.address", address);
    }
  }
}

package dev.drpo.planning;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The keys of a configuration that a plan sets. */
final class Keys {
  static final String TRAINING_DEVICES = "training.devices";
  static final String TRAINING_COMPUTE = "training.compute";
  static final String TRAINING_THREADS = "training.threads";
  static final String RECOMPUTE = "training.recompute";
  static final String MICRO_BATCH = "training.tokens-per-micro-batch";
  static final String RETAINED = "training.retained-tokens";
  static final String LOGITS = "training.logits-mebibytes";
  static final String ROLLOUT_DEVICES = "rollout.devices";
  static final String ROLLOUT_COMPUTE = "rollout.compute";
  static final String ENGINES = "rollout.engines";
  static final String SLOTS = "rollout.slots";
  static final String PROMPTS = "rollout.prompts";
  static final String CACHE = "rollout.kv-cache-tokens";
  static final String EVALUATED = "evaluation.problems";

  /** All of them. */
  static final List<String> PLANNED =
      List.of(
          TRAINING_DEVICES,
          TRAINING_COMPUTE,
          TRAINING_THREADS,
          RECOMPUTE,
          MICRO_BATCH,
          RETAINED,
          LOGITS,
          ROLLOUT_DEVICES,
          ROLLOUT_COMPUTE,
          ENGINES,
          SLOTS,
          PROMPTS,
          CACHE);

  private Keys() {}

  /** A configuration with other values for some keys. */
  static RunConfig change(RunConfig config, Map<String, String> changes) {
    Map<String, String> keys = new HashMap<>(ConfigLoader.toKeys(config));
    keys.putAll(changes);
    return ConfigLoader.load(null, Map.of(), keys);
  }

  /** The GPUs from one number up to another, exclusive. */
  static String gpus(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(gpu -> "cuda:" + gpu)
        .collect(Collectors.joining(","));
  }
}

package dev.drpo.cli.chaos;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.Machine;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.cli.train.TrainOptions;
import dev.drpo.cli.train.TrainPlanning;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The training that is done twice: the quickstart's policy and task in small steps, strictly on
 * policy, so that it is a function of its seed.
 *
 * @param root the repository
 * @param seed of the run
 * @param steps that it takes
 */
record ChaosTraining(Path root, long seed, int steps) {
  static final int PROMPTS_PER_STEP = 8;

  private static final int ROLLOUTS = 2;
  private static final int LEASE_SECONDS = 4;

  /** Longer than a lease, by more than a broker takes to notice. */
  static final Duration HANG = Duration.ofSeconds(LEASE_SECONDS + 3);

  /** What a run of another folder, broker or place may have otherwise and still be the same run. */
  private static final String[] PLACES = {
    "run.directory",
    "kafka.bootstrap-servers",
    "data.train",
    "data.heldout",
    "policy.path",
    "learner.address"
  };

  /** Plans it in a folder. */
  RunPlan in(Path folder) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("run.seed", String.valueOf(seed));
    keys.put("training.steps", String.valueOf(steps));
    keys.put("training.max-lag", "0");
    keys.put("training.prompts-per-step", String.valueOf(PROMPTS_PER_STEP));
    keys.put("training.mini-batches-per-step", "2");
    keys.put("training.checkpoint-every", "1");
    keys.put("sampling.group-size", "4");
    keys.put("evaluation.problems", "8");
    keys.put("evaluation.samples", "2");
    keys.put("rollout.slots", "16");
    keys.put("kafka.lease-seconds", String.valueOf(LEASE_SECONDS));
    // Every death costs the records that were held a delivery, and there are many.
    keys.put("kafka.max-deliveries", "10");
    // Patches, and in several chunks, although at the quickstart's learning rate most bits change.
    keys.put("weights.type", "bfloat16");
    keys.put("weights.most-patch-fraction", "1");
    keys.put("weights.patch-chunk-bytes", "200000");
    return new TrainPlanning(
            root, Path.of("").toAbsolutePath(), Map.of(), Clock.systemUTC(), Machine.here())
        .plan(
            TrainOptions.quickstart(
                Optional.empty(), Optional.of(folder), keys, OptionalInt.of(ROLLOUTS), false));
  }

  /**
   * Refuses a folder whose run is not this one.
   *
   * @throws UsageError if it holds no finished run of the same configuration
   */
  void requireSame(RunConfig config, Path folder) {
    RunFolder other = RunFolder.named(folder.toAbsolutePath());
    if (!other.holdsRun() || !RunFiles.isFinished(other.path())) {
      throw new UsageError(
          "--calm is %s, which holds no finished run; give the folder 'calm' of an earlier ./drpo chaos, or leave it out"
              .formatted(folder));
    }
    Map<String, String> theirs =
        ConfigLoader.toKeys(ConfigLoader.load(other.configuration(), Map.of(), Map.of()));
    Map<String, String> ours = ConfigLoader.toKeys(config);
    for (String place : PLACES) {
      theirs.put(place, ours.get(place));
    }
    ours.forEach(
        (key, value) -> {
          if (!value.equals(theirs.get(key))) {
            throw new UsageError(
                "--calm is %s, a run with %s %s, but it is %s here; give one of the same --seed and --steps, or leave it out"
                    .formatted(folder, key, theirs.get(key), value));
          }
        });
  }
}

package dev.drpo.cli.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The configuration of a run that takes seconds: the quickstart's policy and data, few samples. */
final class SmallRun {
  static final int PROMPTS_PER_STEP = 8;
  static final int GROUP_SIZE = 4;
  static final int EVALUATION_PROBLEMS = 8;
  static final int EVALUATION_SAMPLES = 2;

  private SmallRun() {}

  /**
   * Writes another one, whose updates start from recomputed log-probabilities, as they have to
   * where another process samples.
   *
   * @param engine address of that process; empty to sample in the replica
   */
  static Path recomputing(Path folder, Path configuration, Optional<String> engine)
      throws IOException {
    String lines =
        Files.readString(configuration)
            .replace("training: {", "training: {old-log-probabilities: recompute, ");
    if (engine.isPresent()) {
      lines =
          lines.replace(
              "rollout: {",
              "rollout: {engine: vllm, engine-address: '%s', engine-folder: '%s', "
                  .formatted(engine.get(), folder.resolve("engine-weights")));
    }
    return Files.writeString(
        folder.resolve(engine.isPresent() ? "beside-engine.yaml" : "recomputing.yaml"), lines);
  }

  /** Writes the configuration into a folder. */
  static Path write(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("small.yaml"),
        """
        kafka: {lease-seconds: 10}
        sampling: {group-size: %d}
        training: {prompts-per-step: %d, mini-batches-per-step: 2, checkpoint-every: 1}
        evaluation: {problems: %d, samples: %d}
        rollout: {slots: 16}
        """
            .formatted(GROUP_SIZE, PROMPTS_PER_STEP, EVALUATION_PROBLEMS, EVALUATION_SAMPLES));
  }
}

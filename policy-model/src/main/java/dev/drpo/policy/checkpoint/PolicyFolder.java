package dev.drpo.policy.checkpoint;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.ShardedWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A policy in Hugging Face layout.
 *
 * @param path the folder
 */
public record PolicyFolder(Path path) {

  /** The architecture. */
  public ModelConfig config() {
    return ModelConfig.read(path);
  }

  /** What the checkpoint says about generation. */
  public GenerationConfig generation() {
    return GenerationConfig.read(path);
  }

  /**
   * Where the weights lie: {@code model.safetensors}, which also stands for weights that are still
   * to be written, or else the index of their shards.
   */
  public Path weightsFile() {
    Path single = path.resolve(ShardedWriter.SINGLE_FILE);
    Path index = path.resolve(ShardedWriter.INDEX_FILE);
    return !Files.exists(single) && Files.exists(index) ? index : single;
  }

  /**
   * Maps the weights.
   *
   * @throws PolicyFormatException if they are missing or malformed
   */
  public Safetensors openWeights() {
    if (Files.isRegularFile(weightsFile())) {
      return Safetensors.open(weightsFile());
    }
    boolean pickled =
        Files.exists(path.resolve("pytorch_model.bin"))
            || Files.exists(path.resolve("pytorch_model.bin.index.json"));
    throw new PolicyFormatException(
        weightsFile()
            + " does not exist, nor does "
            + ShardedWriter.INDEX_FILE
            + "; "
            + (pickled
                ? "convert pytorch_model.bin to safetensors"
                : "the policy folder needs its weights"));
  }

  /**
   * Checks the architecture and the headers of the weights against each other, in milliseconds and
   * without the tensor engine.
   *
   * @throws PolicyFormatException if a decoder could not be loaded from this folder
   */
  public void requireLoadable() {
    try (Safetensors weights = openWeights()) {
      PolicyLayout.of(config()).requireFits(weights);
    }
  }
}

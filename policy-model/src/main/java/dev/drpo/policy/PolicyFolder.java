package dev.drpo.policy;

import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A policy in Hugging Face layout.
 *
 * @param path the folder
 */
public record PolicyFolder(Path path) {
  private static final String WEIGHTS = "model.safetensors";

  /** Files beside the weights that belong to a checkpoint and never change in training. */
  private static final List<String> DESCRIPTION =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.json",
          "merges.txt");

  /** The architecture. */
  public ModelConfig config() {
    return ModelConfig.read(path);
  }

  /** The tokenizer and chat template. */
  public PolicyTokenizer tokenizer() {
    return PolicyTokenizer.load(path);
  }

  /** Where the weights lie. */
  public Path weightsFile() {
    return path.resolve(WEIGHTS);
  }

  /**
   * Maps the weights.
   *
   * @throws PolicyFormatException if they are missing or malformed
   */
  public SafetensorsFile openWeights() {
    if (!Files.isRegularFile(weightsFile())) {
      throw new PolicyFormatException(
          weightsFile() + " does not exist; the policy folder needs its weights in one file");
    }
    return SafetensorsFile.open(weightsFile());
  }

  /**
   * Checks the architecture and the header of the weights against each other, in milliseconds and
   * without the tensor engine.
   *
   * @throws PolicyFormatException if a decoder could not be loaded from this folder
   */
  public void requireLoadable() {
    try (SafetensorsFile weights = openWeights()) {
      PolicyLayout.of(config()).requireFits(weights, "");
    }
  }

  /** Copies everything but the weights to another folder, which is created. */
  public PolicyFolder copyDescriptionTo(Path target) throws IOException {
    Files.createDirectories(target);
    for (String name : DESCRIPTION) {
      if (Files.exists(path.resolve(name))) {
        Files.copy(path.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new PolicyFolder(target);
  }
}

package dev.drpo.cli.sft;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.decoder.PolicyExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a training begins with: a policy, or random weights. */
final class StartOptions {
  /** Deviation of random weights where {@code config.json} says nothing, as transformers has it. */
  private static final double DEFAULT_DEVIATION = 0.02;

  private static final String CONFIG = "config.json";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Hugging Face folder of the policy to begin with; or give --config.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "config.json of a policy to begin with random weights, whose deviation is",
        "its initializer_range, else 0.02."
      })
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = {
        "Folder with tokenizer.json and tokenizer_config.json for --config",
        "(default: the folder of its file)."
      })
  private Optional<Path> tokenizer = Optional.empty();

  /**
   * Refuses what contradicts itself or is not there.
   *
   * @throws UsageError if it does
   */
  void refuseImpossible() {
    if (model.isPresent() == config.isPresent()) {
      throw new UsageError(
          model.isPresent()
              ? "--model and --config are both given; give the one to begin with"
              : "name what to begin with: a policy with --model, or random weights with --config");
    }
    if (tokenizer.isPresent() && config.isEmpty()) {
      throw new UsageError("--tokenizer is for --config; leave it out");
    }
    model.ifPresent(folder -> requireFolder("--model", folder));
    config.ifPresent(
        file -> {
          if (!Files.isRegularFile(file)) {
            throw new UsageError("--config is " + file + ", which is no file; give a config.json");
          }
          requireFolder("--tokenizer", tokenizerFolder());
        });
  }

  private static void requireFolder(String option, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageError(
          "%s is %s, which is no folder; give a Hugging Face folder, such as datasets/quickstart/policy"
              .formatted(option, folder));
    }
  }

  private Path tokenizerFolder() {
    return tokenizer.orElseGet(() -> config.orElseThrow().toAbsolutePath().getParent());
  }

  /** Whether the weights are random. */
  boolean isRandom() {
    return config.isPresent();
  }

  /**
   * The folder of the policy to begin with, which is made where the weights are random.
   *
   * @param place for it
   * @param begun whether a training has begun with what lies there
   * @param seed of random weights
   */
  PolicyFolder folder(Path place, boolean begun, long seed) throws IOException {
    if (model.isPresent()) {
      return new PolicyFolder(model.get());
    }
    if (!begun) {
      write(place, seed);
    }
    return new PolicyFolder(place);
  }

  private void write(Path place, long seed) throws IOException {
    Files.createDirectories(place);
    try (Stream<Path> files = Files.list(place)) {
      // Of a training that was refused before it began.
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.copy(config.orElseThrow(), place.resolve(CONFIG));
    for (Path file : PolicyExport.descriptionOf(tokenizerFolder())) {
      if (!file.endsWith(CONFIG)) {
        Files.copy(file, place.resolve(file.getFileName()));
      }
    }
    PolicyFolder folder = new PolicyFolder(place);
    PolicyInitializer.write(folder.weightsFile(), folder.config(), deviation(place), seed);
  }

  private static double deviation(Path folder) {
    JsonNode range = ModelConfig.readJson(folder.resolve(CONFIG)).path("initializer_range");
    return range.asDouble(DEFAULT_DEVIATION);
  }
}

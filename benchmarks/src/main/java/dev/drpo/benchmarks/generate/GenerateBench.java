package dev.drpo.benchmarks.generate;

import ai.djl.Device;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** Runs engines over a policy of the benchmark's shape with random weights. */
public final class GenerateBench implements AutoCloseable {
  /** 3 million parameters. */
  static final ModelConfig SHAPE =
      new ModelConfig(512, 256, 704, 4, 8, 2, 8192, 10_000, 1e-6, true);

  private static final double SHORT_ROUND_SECONDS = 0.7;

  private final Path folder;
  private final Path weights;
  private final PolicyVersion version;

  public GenerateBench(long seed) throws IOException {
    folder = Files.createTempDirectory("drpo-bench-");
    weights = folder.resolve("model.safetensors");
    PolicyInitializer.write(weights, SHAPE, 0.02, seed);
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      version = new PolicyVersion(0, PolicyDigest.of(file));
    }
  }

  /**
   * An engine without ends of sequence, so that every response has its budget's length.
   *
   * @param engines decoding threads
   * @param threads threads of one operation
   */
  GenerationEngine engine(
      int slots, int engines, int threads, int promptTokens, int responseTokens) {
    return GenerationEngine.start(
        new EngineSettings(
            SHAPE,
            weights,
            version,
            Set.of(),
            new EngineLimits(
                slots, promptTokens, responseTokens, SHAPE.contextLength(), SHAPE.vocabularySize()),
            new EngineSettings.Compute(Device.cpu(), ElementType.F32, engines, threads),
            new FinishThenSwap()));
  }

  /** An fp32 checkpoint of the policy. */
  Path weights() {
    return weights;
  }

  /** A prompt of its own for each seed. */
  static GroupRequest request(int promptTokens, int group, int newTokens, long seed) {
    int[] prompt = new Random(seed).ints(promptTokens, 0, SHAPE.vocabularySize()).toArray();
    return new GroupRequest(prompt, new Sampling(1, 1, group, newTokens, seed), seed, 0);
  }

  /** Seconds that an engine takes for requests that come at once. */
  static double seconds(GenerationEngine engine, List<GroupRequest> requests) {
    long start = System.nanoTime();
    List<GroupSampling> groups =
        requests.stream().map(request -> engine.submit(request, ResponseListener.NONE)).toList();
    groups.forEach(GroupSampling::join);
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * The least of several times: of at least so many rounds, and of more while they are short, since
   * what disturbs a measurement can last longer than they do.
   */
  static double best(int rounds, DoubleSupplier seconds) {
    double least = Double.POSITIVE_INFINITY;
    double all = 0;
    for (int round = 0; round < rounds || all < rounds * SHORT_ROUND_SECONDS; round++) {
      double took = seconds.getAsDouble();
      least = Math.min(least, took);
      all += took;
    }
    return least;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(weights);
    Files.deleteIfExists(folder);
  }
}

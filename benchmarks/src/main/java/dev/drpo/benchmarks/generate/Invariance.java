package dev.drpo.benchmarks.generate;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.policy.sampler.SamplingLaw;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * What it costs that the bits of a response do not depend on the batch: the sampler beside the one
 * whose steps are the tensor library's, which promises nothing of the kind, on one thread.
 */
final class Invariance {
  private static final int PROMPT_TOKENS = 64;
  private static final int NEW_TOKENS = 128;

  private final Path weights;
  private final int rounds;

  Invariance(Path weights, int rounds) {
    this.weights = weights;
    this.rounds = rounds;
  }

  /** Tokens per second of responses to one prompt; the two take turns, and the best counts. */
  Measurements.Invariance measure(int responses) {
    KvCacheSize size = KvCacheSize.of(responses, PROMPT_TOKENS, NEW_TOKENS);
    try (NDManager manager = TensorEngine.newManager();
        Safetensors files = Safetensors.open(weights);
        PolicySampler own = new PolicySampler(decoder(manager, files), size);
        PolicySampler library = PolicySampler.byLibrary(decoder(manager, files), size)) {
      double ownSeconds = Double.POSITIVE_INFINITY;
      double librarySeconds = Double.POSITIVE_INFINITY;
      // The first round warms up.
      for (int round = 0; round <= rounds; round++) {
        double first = seconds(own, responses);
        double second = seconds(library, responses);
        if (round > 0) {
          ownSeconds = Math.min(ownSeconds, first);
          librarySeconds = Math.min(librarySeconds, second);
        }
      }
      double tokens = (double) responses * NEW_TOKENS;
      return new Measurements.Invariance(
          responses, own.batchInvariant(), tokens / ownSeconds, tokens / librarySeconds);
    }
  }

  private static Decoder decoder(NDManager manager, Safetensors files) {
    return Decoder.load(manager, GenerateBench.SHAPE, files);
  }

  private static double seconds(PolicySampler sampler, int responses) {
    int[] prompt = new int[PROMPT_TOKENS];
    for (int i = 0; i < PROMPT_TOKENS; i++) {
      prompt[i] = 1 + i;
    }
    List<SamplingLaw.Draw> draws = Collections.nCopies(responses, SamplingLaw.at(1).draw(0.5));
    long began = System.nanoTime();
    PrefilledPrompt prefilled = sampler.prefill(List.of(prompt)).getFirst();
    sampler.begin(List.of(new PolicySampler.Beginning(prefilled, draws)));
    sampler.close(prefilled);
    for (int i = 1; i < NEW_TOKENS; i++) {
      sampler.advance(draws);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    for (int i = responses - 1; i >= 0; i--) {
      sampler.end(i);
    }
    return seconds;
  }
}

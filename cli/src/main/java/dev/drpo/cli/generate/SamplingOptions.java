package dev.drpo.cli.generate;

import dev.drpo.cli.exit.UsageError;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** How to sample, as far as the command line says. */
final class SamplingOptions {
  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "1",
      description = "Responses per prompt (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Divide the logits; 0 is greedy (default: generation_config.json's, else 1).")
  private Optional<Double> temperature = Optional.empty();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Nucleus mass, above 0 and at most 1 (default: generation_config.json's, else 1).")
  private Optional<Double> topP = Optional.empty();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Most tokens to draw from; 0 for all (default: generation_config.json's, else 0).")
  private Optional<Integer> topK = Optional.empty();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = {
        "Least probability to draw, as a share of the likeliest token's, from 0 up to, not including 1",
        "(default: generation_config.json's, else 0)."
      })
  private Optional<Double> minP = Optional.empty();

  @Option(
      names = "--stop-token",
      paramLabel = "ID",
      description = "Token that ends a response beside the policy's own; may be repeated.")
  private Set<Integer> stopTokens = Set.of();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = {
        "Most tokens of a response, the end token included (default: max_new_tokens of",
        "generation_config.json, else " + SamplingPlan.DEFAULT_MAX_TOKENS + ").",
        "A response also ends where the policy's context does."
      })
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = {
        "The same seed, prompt and policy give the same responses, whatever the other prompts are",
        "(default: ${DEFAULT-VALUE})."
      })
  private long seed;

  int samples() {
    require(samples >= 1, "--samples", samples, "1 or more");
    return samples;
  }

  Optional<Double> temperature() {
    temperature.ifPresent(
        t -> require(t >= 0 && Double.isFinite(t), "--temperature", t, "0 (greedy) or more"));
    return temperature;
  }

  Optional<Double> topP() {
    topP.ifPresent(p -> require(p > 0 && p <= 1, "--top-p", p, "above 0 and at most 1"));
    return topP;
  }

  Optional<Integer> topK() {
    topK.ifPresent(k -> require(k >= 0, "--top-k", k, "0 (all tokens) or more"));
    return topK;
  }

  Optional<Double> minP() {
    minP.ifPresent(p -> require(p >= 0 && p < 1, "--min-p", p, "0 or more and below 1"));
    return minP;
  }

  Set<Integer> stopTokens() {
    return stopTokens;
  }

  Optional<Integer> maxTokens() {
    maxTokens.ifPresent(n -> require(n >= 1, "--max-tokens", n, "1 or more"));
    return maxTokens;
  }

  long seed() {
    return seed;
  }

  private static void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new UsageError("%s is %s; it must be %s".formatted(option, value, expected));
    }
  }
}

package dev.drpo.cli.generate;

import dev.drpo.generation.Sampling;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.GenerationConfig;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How responses are sampled: as the command line says, else as the checkpoint suggests, which is
 * what its authors evaluated and what other programs do.
 *
 * @param law what each token is drawn from
 * @param stopTokens tokens that end a response beside the policy's own
 * @param maxTokens budget of a response, the end-of-sequence token included
 * @param suggested names of the settings that the checkpoint gave
 * @param leftOut what it suggests besides, and is not followed
 */
public record SamplingPlan(
    int samples,
    SamplingLaw law,
    Set<Integer> stopTokens,
    int maxTokens,
    long seed,
    List<String> suggested,
    List<String> leftOut) {
  static final int DEFAULT_MAX_TOKENS = 2048;

  private static final String FILE = "generation_config.json";
  private static final Set<String> FOLLOWED =
      Set.of("do_sample", "temperature", "top_p", "top_k", "min_p", "max_new_tokens");

  public SamplingPlan {
    stopTokens = Set.copyOf(stopTokens);
    suggested = List.copyOf(suggested);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * The plan of a command.
   *
   * @throws dev.drpo.cli.exit.UsageError if an option is out of range
   * @throws PolicyFormatException if a suggestion is, and no option replaces it
   */
  static SamplingPlan of(SamplingOptions options, GenerationConfig checkpoint) {
    Suggestions suggestions = new Suggestions(checkpoint);
    double temperature =
        options
            .temperature()
            .or(suggestions::greedy)
            .or(() -> suggestions.number("temperature", t -> t >= 0 && Double.isFinite(t)))
            .orElse(1.0);
    SamplingLaw law = law(temperature, options, suggestions);
    int maxTokens =
        options
            .maxTokens()
            .or(() -> suggestions.whole("max_new_tokens", n -> n >= 1))
            .orElse(DEFAULT_MAX_TOKENS);
    List<String> leftOut =
        checkpoint.suggestions().entrySet().stream()
            .filter(suggestion -> !FOLLOWED.contains(suggestion.getKey()))
            .map(suggestion -> suggestion.getKey() + " " + suggestion.getValue())
            .toList();
    return new SamplingPlan(
        options.samples(),
        law,
        options.stopTokens(),
        maxTokens,
        options.seed(),
        suggestions.used,
        leftOut);
  }

  /** Where the likeliest token is taken, what else could have been drawn does not matter. */
  private static SamplingLaw law(
      double temperature, SamplingOptions options, Suggestions suggestions) {
    Optional<Double> topP = options.topP();
    Optional<Integer> topK = options.topK();
    Optional<Double> minP = options.minP();
    if (temperature == 0) {
      return SamplingLaw.at(0);
    }
    return new SamplingLaw(
        temperature,
        topP.or(() -> suggestions.number("top_p", p -> p > 0 && p <= 1)).orElse(1.0),
        topK.or(() -> suggestions.whole("top_k", k -> k >= 0)).orElse(0),
        minP.or(() -> suggestions.number("min_p", p -> p >= 0 && p < 1)).orElse(0.0));
  }

  /** The checkpoint's suggestions, and which of them are used. */
  private static final class Suggestions {
    private final GenerationConfig checkpoint;
    private final List<String> used = new ArrayList<>();

    Suggestions(GenerationConfig checkpoint) {
      this.checkpoint = checkpoint;
    }

    Optional<Double> greedy() {
      if (!"false".equals(checkpoint.suggestions().get("do_sample"))) {
        return Optional.empty();
      }
      used.add("do_sample false");
      return Optional.of(0.0);
    }

    Optional<Integer> whole(String name, Predicate<Double> isInRange) {
      return number(name, n -> isInRange.test(n) && n == Math.rint(n) && n < 1e9)
          .map(Double::intValue);
    }

    Optional<Double> number(String name, Predicate<Double> isInRange) {
      String text = checkpoint.suggestions().get(name);
      if (text == null) {
        return Optional.empty();
      }
      double value;
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw unusable(name, text);
      }
      if (!isInRange.test(value)) {
        throw unusable(name, text);
      }
      used.add(name);
      return Optional.of(value);
    }

    private static PolicyFormatException unusable(String name, String text) {
      return new PolicyFormatException(
          "%s: %s is %s, which can't be sampled with; correct it, or give the option"
              .formatted(FILE, name, text));
    }
  }

  /** What the engine is told, with a budget that ends where the context does. */
  Sampling sampling(int promptTokens, int contextTokens) {
    return new Sampling(
        law, samples, Math.min(maxTokens, contextTokens - promptTokens), seed, stopTokens);
  }

  /** For people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, at most %,d tokens, seed %d%s%s",
        drawing(),
        maxTokens,
        seed,
        note("; from " + FILE + ": ", suggested),
        note("; not followed there: ", leftOut));
  }

  private String drawing() {
    if (law.greedy()) {
      return "greedy";
    }
    return "temperature "
        + law.temperature()
        + (law.topK() > 0 ? ", top-k " + law.topK() : "")
        + (law.topP() < 1 ? ", top-p " + law.topP() : "")
        + (law.minP() > 0 ? ", min-p " + law.minP() : "");
  }

  private static String note(String what, List<String> items) {
    return items.isEmpty() ? "" : what + String.join(", ", items);
  }
}

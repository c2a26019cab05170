package dev.drpo.cli.eval;

import dev.drpo.cli.exit.UsageError;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** How to sample and what to report, as the command line says; the rest is the preset's. */
final class SamplerOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "eval-8k",
      description =
          "What the paper does: eval-8k or eval-32k, 16 samples at temperature 0.6 and "
              + "top-p 0.95 (default: ${DEFAULT-VALUE}). The options below replace its values.")
  private String preset;

  @Option(names = "--samples", paramLabel = "N", description = "Responses to each problem.")
  private Optional<Integer> samples = Optional.empty();

  @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy.")
  private Optional<Double> temperature = Optional.empty();

  @Option(names = "--top-p", paramLabel = "P", description = "Nucleus mass.")
  private Optional<Double> topP = Optional.empty();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Most tokens of a response, the end token included. It also ends where the "
              + "policy's context does.")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Of all draws (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--k",
      paramLabel = "K",
      split = ",",
      description =
          "For pass@k and maj@k (default: the powers of two up to --samples, and " + "--samples).")
  private List<Integer> ks = List.of();

  /**
   * The preset's settings with the options applied.
   *
   * @throws UsageError if an option is out of range
   */
  SamplerSettings settings() {
    SamplerSettings base = Preset.named(preset).sampler();
    SamplerSettings settings =
        new SamplerSettings(
            samples.orElse(base.samples()),
            temperature.orElse(base.temperature()),
            topP.orElse(base.topP()),
            maxTokens.orElse(base.maxTokens()),
            seed);
    require(settings.samples() >= 1, "--samples", settings.samples(), "1 or more");
    require(
        settings.temperature() >= 0 && Double.isFinite(settings.temperature()),
        "--temperature",
        settings.temperature(),
        "0 (greedy) or more");
    require(
        settings.topP() > 0 && settings.topP() <= 1,
        "--top-p",
        settings.topP(),
        "above 0 and at most 1");
    require(settings.maxTokens() >= 1, "--max-tokens", settings.maxTokens(), "1 or more");
    return settings;
  }

  /**
   * For which k to report, in order.
   *
   * @throws UsageError if one is larger than the number of samples
   */
  List<Integer> ks(int samples) {
    for (int k : ks) {
      require(
          k >= 1 && k <= samples,
          "--k",
          k,
          "from 1 to the number of samples, which is "
              + samples
              + "; lower it, or raise --samples");
    }
    TreeSet<Integer> sorted = new TreeSet<>(ks);
    if (ks.isEmpty()) {
      for (int k = 1; k < samples; k *= 2) {
        sorted.add(k);
      }
      sorted.add(samples);
    }
    return List.copyOf(sorted);
  }

  private static void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new UsageError("%s is %s; it must be %s".formatted(option, value, expected));
    }
  }
}

package dev.drpo.benchmarks.device;

import dev.drpo.policy.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How large the policies of an examination are. */
public enum Shape {
  /** Seconds on a CPU: shows that everything runs, and says nothing of speed. */
  TINY(
      "tiny",
      new Numbers.Scale(
          new ModelConfig(128, 48, 128, 2, 6, 2, 256, 1e4, 1e-6, false, 16, true),
          new DrawnGroups.Load(4, 4, 24, 32),
          new Numbers.Rounding(0.031, 0.223, 9.4e-4, 1.9e-3, 0.037, 6.1e-4)),
      new Rates(
          new ModelConfig(512, 64, 160, 2, 4, 2, 512, 1e4, 1e-6, false),
          List.of(new DecodeRates.Load(8, 64), new DecodeRates.Load(1, 32)),
          List.of(new LearningRates.Load(2, 4, 16, 48)),
          256,
          8 << 20)),

  /**
   * DeepSeek-R1-Distill-Qwen-1.5B's for the rates; for the numbers a policy that a CPU can check in
   * seconds, with the same heads, so that the same kernels run.
   */
  QWEN_1_5B(
      "1.5b",
      new Numbers.Scale(
          new ModelConfig(4096, 384, 1024, 6, 12, 2, 1024, 1e4, 1e-6, false, 128, true),
          new DrawnGroups.Load(4, 4, 64, 96),
          new Numbers.Rounding(0.071, 0.371, 4.3e-3, 1.05e-2, 0.068, 2.1e-3)),
      new Rates(
          new ModelConfig(151_936, 1536, 8960, 28, 12, 2, 131_072, 1e4, 1e-6, false),
          List.of(
              new DecodeRates.Load(128, 4096),
              new DecodeRates.Load(128, 1024),
              new DecodeRates.Load(32, 2048),
              new DecodeRates.Load(1, 1024)),
          List.of(new LearningRates.Load(1, 8, 256, 1792), new LearningRates.Load(2, 1, 256, 7936)),
          8192,
          2L << 30));

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
  private final Numbers.Scale numbers;

  @SuppressWarnings("ImmutableEnumChecker") // A record of numbers and lists of them.
  private final Rates rates;

  Shape(String label, Numbers.Scale numbers, Rates rates) {
    this.label = label;
    this.numbers = numbers;
    this.rates = rates;
  }

  /**
   * What speed and memory are measured at.
   *
   * @param policy whose
   * @param decoding the one that takes the most memory first
   * @param learning the one that takes the most memory first
   * @param productSize rows and columns of the matrices whose product is the device's limit
   * @param copyBytes of the copy that is the limit of its memory
   */
  record Rates(
      ModelConfig policy,
      List<DecodeRates.Load> decoding,
      List<LearningRates.Load> learning,
      int productSize,
      long copyBytes) {}

  Numbers.Scale numbers() {
    return numbers;
  }

  Rates rates() {
    return rates;
  }

  /** What commands call it. */
  public String label() {
    return label;
  }

  /**
   * The shape that commands call by a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Shape named(String name) {
    return Arrays.stream(values())
        .filter(shape -> shape.label.equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("it must be tiny or 1.5b"));
  }
}

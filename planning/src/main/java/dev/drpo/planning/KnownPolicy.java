package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Policies whose shape is known without a file of theirs: those of the paper. */
public enum KnownPolicy {
  /** DeepSeek-R1-Distill-Qwen-1.5B, with 1.78 billion parameters. */
  R1_1_5B("1.5B", new ModelConfig(151_936, 1536, 8960, 28, 12, 2, 131_072, 1e4, 1e-6, false)),

  /** DeepSeek-R1-Distill-Qwen-7B, with 7.62 billion parameters. */
  R1_7B("7B", new ModelConfig(152_064, 3584, 18_944, 28, 28, 4, 131_072, 1e4, 1e-6, false));

  private final String size;

  @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
  private final ModelConfig model;

  KnownPolicy(String size, ModelConfig model) {
    this.size = size;
    this.model = model;
  }

  /** The shape. */
  public ModelConfig model() {
    return model;
  }

  /** What people call it. */
  public String title() {
    return "DeepSeek-R1-Distill-Qwen-" + size;
  }

  /** The policy of a size such as {@code 1.5B}, in either case. */
  public static Optional<KnownPolicy> ofSize(String size) {
    return Arrays.stream(values()).filter(it -> it.size.equalsIgnoreCase(size)).findFirst();
  }

  /** The policy that a preset such as {@code drpo-7b-8k} is made for. */
  public static Optional<KnownPolicy> ofPreset(String preset) {
    return Arrays.stream(values())
        .filter(it -> preset.startsWith("drpo-" + it.size.toLowerCase(Locale.ROOT) + "-"))
        .findFirst();
  }
}

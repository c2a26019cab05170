package dev.drpo.cli.rehearse;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.util.Arrays;

/** The width of a rehearsal's policy. */
enum RehearsalShape {
  /** Qwen2.5-0.5B's: 494 million parameters, the smallest that is published. */
  HALF_BILLION(
      "0.5b", new ModelConfig(151_936, 896, 4864, 24, 14, 2, 32_768, 1_000_000, 1e-6, true)),

  /** Of no interest but that it is quick. */
  TINY("tiny", new ModelConfig(512, 64, 160, 2, 4, 2, 512, 10_000, 1e-6, true));

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
  private final ModelConfig policy;

  RehearsalShape(String label, ModelConfig policy) {
    this.label = label;
    this.policy = policy;
  }

  ModelConfig policy() {
    return policy;
  }

  String label() {
    return label;
  }

  /**
   * The shape that the command calls by a name.
   *
   * @throws UsageError if there is none
   */
  static RehearsalShape named(String name) {
    return Arrays.stream(values())
        .filter(shape -> shape.label.equals(name))
        .findFirst()
        .orElseThrow(() -> new UsageError("--shape is " + name + "; it must be 0.5b or tiny"));
  }
}

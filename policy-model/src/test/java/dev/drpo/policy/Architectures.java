package dev.drpo.policy;

import dev.drpo.policy.checkpoint.ModelConfig;
import java.util.stream.Stream;

/** Small architectures that differ in everything the decoder distinguishes. */
public final class Architectures {
  /** Grouped-query attention 4:2, an output head of its own. */
  public static final ModelConfig UNTIED_FOUR_TO_TWO =
      new ModelConfig(37, 32, 48, 2, 4, 2, 64, 10_000, 1e-6, false);

  /** One key/value head for five query heads, as wide as it gets here. */
  public static final ModelConfig TIED_FIVE_TO_ONE =
      new ModelConfig(46, 80, 112, 3, 5, 1, 128, 1_000_000, 1e-5, true);

  /** No sharing of key/value heads. */
  public static final ModelConfig TIED_ONE_TO_ONE =
      new ModelConfig(23, 24, 40, 2, 3, 3, 64, 10_000, 1e-6, true);

  /** The least there can be. */
  public static final ModelConfig UNTIED_SMALLEST =
      new ModelConfig(11, 4, 6, 1, 2, 1, 32, 500, 1e-6, false);

  /** The ratio of Qwen2.5 7B, biases, an output head of its own. */
  public static final ModelConfig UNTIED_SEVEN_TO_ONE =
      new ModelConfig(29, 28, 40, 2, 7, 1, 64, 10_000, 1e-6, false);

  /** Four query heads to a key/value head, no biases. */
  static final ModelConfig TIED_EIGHT_TO_TWO_WITHOUT_BIAS =
      new ModelConfig(31, 32, 48, 2, 8, 2, 64, 10_000, 1e-6, true, 4, false);

  /** Heads that together are wider than the hidden size, and no divisor of it. */
  static final ModelConfig TIED_WIDE_HEADS =
      new ModelConfig(19, 18, 24, 2, 4, 2, 64, 10_000, 1e-6, true, 10, true);

  /** Heads that together are narrower than the hidden size. */
  static final ModelConfig UNTIED_NARROW_HEADS_WITHOUT_BIAS =
      new ModelConfig(19, 30, 24, 2, 4, 1, 64, 10_000, 1e-6, false, 6, false);

  /** Heads of one vector panel, shared by more queries than go through the keys together. */
  static final ModelConfig TIED_SIX_TO_ONE_FILLING_VECTORS =
      new ModelConfig(29, 40, 48, 2, 12, 2, 128, 10_000, 1e-6, true, 32, true);

  /** Heads of several vector panels. */
  public static final ModelConfig UNTIED_THREE_TO_ONE_FILLING_VECTORS =
      new ModelConfig(29, 40, 48, 2, 3, 1, 128, 10_000, 1e-6, false, 96, true);

  private Architectures() {}

  static Stream<ModelConfig> all() {
    return Stream.of(
        UNTIED_FOUR_TO_TWO,
        TIED_FIVE_TO_ONE,
        TIED_ONE_TO_ONE,
        UNTIED_SMALLEST,
        UNTIED_SEVEN_TO_ONE,
        TIED_EIGHT_TO_TWO_WITHOUT_BIAS,
        TIED_WIDE_HEADS,
        UNTIED_NARROW_HEADS_WITHOUT_BIAS,
        TIED_SIX_TO_ONE_FILLING_VECTORS,
        UNTIED_THREE_TO_ONE_FILLING_VECTORS);
  }
}

package dev.drpo.policy;

import java.util.stream.Stream;

/** Small architectures that differ in everything the decoder distinguishes. */
final class Architectures {
  /** Grouped-query attention 4:2, an output head of its own. */
  static final ModelConfig UNTIED_FOUR_TO_TWO =
      new ModelConfig(37, 32, 48, 2, 4, 2, 64, 10_000, 1e-6, false);

  /** One key/value head for five query heads, as wide as it gets here. */
  static final ModelConfig TIED_FIVE_TO_ONE =
      new ModelConfig(46, 80, 112, 3, 5, 1, 128, 1_000_000, 1e-5, true);

  /** No sharing of key/value heads. */
  static final ModelConfig TIED_ONE_TO_ONE =
      new ModelConfig(23, 24, 40, 2, 3, 3, 64, 10_000, 1e-6, true);

  /** The least there can be. */
  static final ModelConfig UNTIED_SMALLEST =
      new ModelConfig(11, 4, 6, 1, 2, 1, 32, 500, 1e-6, false);

  private Architectures() {}

  static Stream<ModelConfig> all() {
    return Stream.of(UNTIED_FOUR_TO_TWO, TIED_FIVE_TO_ONE, TIED_ONE_TO_ONE, UNTIED_SMALLEST);
  }
}

package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;

/** Small policies. */
final class Shapes {
  /** A million parameters, as the quickstart's. */
  static final ModelConfig SMALL = new ModelConfig(46, 160, 432, 4, 4, 2, 1024, 1e4, 1e-6, true);

  private Shapes() {}
}

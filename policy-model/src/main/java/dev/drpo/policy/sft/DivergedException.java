package dev.drpo.policy.sft;

import java.io.Serial;

/** A gradient is infinite or no number; the weights are those before the step. */
public final class DivergedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  DivergedException(int step, double norm) {
    super(
        "the gradient's norm at step %d is %s; lower the learning rate or lengthen the warm-up"
            .formatted(step, norm));
  }
}

package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.ScriptModule;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder's matrices once more, in fp32, as products by vectors read them: each one of {@code
 * [outputs, inputs]} cut into panels of {@value #WIDTH} outputs, {@code [panels, inputs, WIDTH]},
 * with zeros where the last panel has no outputs. What is multiplied with one input lies together,
 * and the panel is read from its beginning to its end. Their biases are padded to whole panels.
 */
public final class Panels {
  /** Outputs of a panel: whole cache lines, and vectors of every kind. */
  public static final int WIDTH = 64;

  /** By weight, in the layout's order; null where it takes no part in products. */
  private final List<NDArray> byWeight;

  private Panels(List<NDArray> byWeight) {
    this.byWeight = byWeight;
  }

  static Panels allocate(PolicyLayout layout, NDManager manager) {
    List<NDArray> panels = new ArrayList<>();
    for (PolicyLayout.Weight weight : layout.weights()) {
      panels.add(weight.use().factor() ? manager.zeros(shape(weight)) : null);
    }
    return new Panels(panels);
  }

  private static Shape shape(PolicyLayout.Weight weight) {
    long[] shape = weight.shape();
    long panels = Math.ceilDiv(shape[0], WIDTH);
    return shape.length == 1 ? new Shape(panels * WIDTH) : new Shape(panels, shape[1], WIDTH);
  }

  /** Takes what the weights are now. */
  void fill(List<NDArray> weights, ScriptModule script) {
    for (int i = 0; i < weights.size(); i++) {
      NDArray weight = weights.get(i);
      NDArray panels = byWeight.get(i);
      if (panels != null && weight.getShape().dimension() == 1) {
        script.run("keep", panels, 0L, weight, 0L, weight.size());
      } else if (panels != null) {
        script.run("cut", weight, panels);
      }
    }
  }

  /**
   * The panels of a matrix, or a bias in whole panels.
   *
   * @param weight its place in the layout
   */
  public NDArray of(int weight) {
    return byWeight.get(weight);
  }

  /** Outputs of a matrix, rounded up to whole panels. */
  public static int padded(int outputs) {
    return Math.ceilDiv(outputs, WIDTH) * WIDTH;
  }

  /** Bytes that they take. */
  public static long bytes(PolicyLayout layout) {
    return layout.weights().stream()
        .filter(weight -> weight.use().factor())
        .mapToLong(weight -> shape(weight).size() * Float.BYTES)
        .sum();
  }
}

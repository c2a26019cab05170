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
 * and the panel is read from its beginning to its end.
 */
public final class Panels {
  /** Outputs of a panel: whole cache lines, and vectors of every kind. */
  public static final int WIDTH = 64;

  /** By weight, in the layout's order; null where it is no matrix that products are made with. */
  private final List<NDArray> byWeight;

  private Panels(List<NDArray> byWeight) {
    this.byWeight = byWeight;
  }

  static Panels allocate(PolicyLayout layout, NDManager manager) {
    List<NDArray> panels = new ArrayList<>();
    for (PolicyLayout.Weight weight : layout.weights()) {
      long[] shape = weight.shape();
      panels.add(
          isMatrix(weight)
              ? manager.zeros(new Shape(Math.ceilDiv(shape[0], WIDTH), shape[1], WIDTH))
              : null);
    }
    return new Panels(panels);
  }

  private static boolean isMatrix(PolicyLayout.Weight weight) {
    return weight.use().factor() && weight.shape().length == 2;
  }

  /** Takes what the weights are now. */
  void fill(List<NDArray> weights, ScriptModule script) {
    for (int i = 0; i < weights.size(); i++) {
      if (byWeight.get(i) != null) {
        script.run("cut", weights.get(i), byWeight.get(i));
      }
    }
  }

  /**
   * The panels of a matrix.
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
        .filter(Panels::isMatrix)
        .map(PolicyLayout.Weight::shape)
        .mapToLong(shape -> Math.ceilDiv(shape[0], WIDTH) * WIDTH * shape[1] * Float.BYTES)
        .sum();
  }
}

package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.RelativeError;
import dev.drpo.policy.checkpoint.PolicyLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gradients by the name of the checkpoint's tensor, and how far two of them are apart. */
public record Gradients(Map<String, float[]> byName) {

  /** What a fresh trainer accumulates over micro-batches. */
  static Gradients of(
      PolicyTrainer trainer,
      List<MicroBatch> batches,
      List<float[]> coefficients,
      double temperature) {
    trainer.zeroGradients();
    try (ForwardPass pass = trainer.forward(batches, temperature)) {
      pass.backward(coefficients);
    }
    return accumulated(trainer);
  }

  /** What a trainer has accumulated: its fused gradients, taken apart. */
  public static Gradients accumulated(PolicyTrainer trainer) {
    List<float[]> fused = trainer.gradients();
    Map<String, float[]> parts = new LinkedHashMap<>();
    List<PolicyLayout.Weight> weights = trainer.decoder().layout().weights();
    for (int i = 0; i < weights.size(); i++) {
      int from = 0;
      for (PolicyLayout.Part part : weights.get(i).parts()) {
        int to = from + Math.toIntExact(part.elements());
        parts.put(part.name(), Arrays.copyOfRange(fused.get(i), from, to));
        from = to;
      }
      assertThat(fused.get(i)).hasSize(from);
    }
    return new Gradients(parts);
  }

  public void assertClose(Map<String, double[]> expected, double tolerance) {
    assertThat(byName).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, gradient) ->
            assertThat(RelativeError.of(byName.get(name), gradient))
                .as(name)
                .isLessThan(tolerance));
  }

  public void assertClose(Gradients expected, double tolerance) {
    Map<String, double[]> doubles = new LinkedHashMap<>();
    expected.byName.forEach((name, values) -> doubles.put(name, doubles(values)));
    assertClose(doubles, tolerance);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}

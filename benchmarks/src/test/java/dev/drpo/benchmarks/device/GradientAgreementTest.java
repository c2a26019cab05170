package dev.drpo.benchmarks.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientAgreementTest {
  private static final PolicyLayout LAYOUT =
      PolicyLayout.of(new ModelConfig(8, 4, 6, 2, 2, 1, 32, 1e4, 1e-6, false));

  @Test
  void errorAndCosineAreThoseOfTheVectors() {
    GradientAgreement agreement =
        GradientAgreement.of(
            List.of(new float[] {3, 0}, new float[] {4}),
            List.of(new float[] {3, 1}, new float[] {4}));

    assertThat(agreement.relativeError()).isCloseTo(1 / 5.0, within(1e-12));
    assertThat(agreement.cosine()).isCloseTo(25 / (5 * Math.sqrt(26)), within(1e-12));
  }

  @Test
  void everyKindOfWeightStandsByItself() {
    List<float[]> exact =
        LAYOUT.weights().stream().map(weight -> filled(weight.elements(), 1)).toList();
    List<float[]> found =
        LAYOUT.weights().stream()
            .map(
                weight ->
                    filled(
                        weight.elements(),
                        weight.parts().getFirst().name().endsWith("o_proj.weight") ? 1.5f : 1))
            .toList();

    Map<String, GradientAgreement> byKind = GradientAgreement.byKind(LAYOUT, exact, found);

    assertThat(byKind.keySet())
        .containsExactly(
            "embedding",
            "norms",
            "output head",
            "queries, keys, values",
            "queries, keys, values: biases",
            "attention's output",
            "feed-forward: gate and up",
            "feed-forward: down");
    byKind.forEach(
        (kind, agreement) ->
            assertThat(agreement.relativeError())
                .isEqualTo(kind.equals("attention's output") ? 0.5 : 0));
  }

  private static float[] filled(long elements, float value) {
    float[] filled = new float[(int) elements];
    Arrays.fill(filled, value);
    return filled;
  }
}

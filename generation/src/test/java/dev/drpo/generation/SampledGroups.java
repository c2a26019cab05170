package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What two engines sampled for the same requests. */
final class SampledGroups {
  private SampledGroups() {}

  /** Holds that they are the same responses, with log-probabilities up to rounding. */
  static void requireSame(
      List<List<SampledResponse>> actual, List<List<SampledResponse>> expected) {
    for (int g = 0; g < expected.size(); g++) {
      for (int i = 0; i < expected.get(g).size(); i++) {
        SampledResponse one = actual.get(g).get(i);
        SampledResponse other = expected.get(g).get(i);
        assertThat(one.tokens()).isEqualTo(other.tokens());
        assertThat(one.finishReason()).isEqualTo(other.finishReason());
        // Either may differ from the exact value by 1e-5.
        assertThat(one.logProbabilities())
            .usingComparatorWithPrecision(2e-5f)
            .containsExactly(other.logProbabilities());
      }
    }
  }
}

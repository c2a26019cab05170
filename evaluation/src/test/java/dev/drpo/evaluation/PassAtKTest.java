package dev.drpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PassAtKTest {
  /** 1 - C(3, 2) / C(5, 2) = 1 - 3/10. */
  @Test
  void handComputed() {
    assertThat(PassAtK.of(5, 2, 2)).isCloseTo(0.7, within(1e-12));
    assertThat(PassAtK.of(16, 0, 16)).isZero();
    assertThat(PassAtK.of(16, 1, 16)).isEqualTo(1);
    assertThat(PassAtK.of(16, 3, 1)).isCloseTo(3.0 / 16, within(1e-12));
    assertThat(PassAtK.of(List.of(Samples.problem(2, 5), Samples.problem(0, 5)), 2))
        .isCloseTo(0.35, within(1e-12));
  }

  @Test
  void itIsTheShareOfChoicesThatHoldARightSample() {
    for (int samples = 1; samples <= 9; samples++) {
      for (int right = 0; right <= samples; right++) {
        for (int k = 1; k <= samples; k++) {
          int count = right;
          double share =
              Choices.mean(samples, k, choice -> choice.stream().anyMatch(i -> i < count) ? 1 : 0);
          assertThat(PassAtK.of(samples, right, k)).isCloseTo(share, within(1e-12));
        }
      }
    }
  }

  @Test
  void moreThanTheSamplesIsRefused() {
    assertThatThrownBy(() -> PassAtK.of(4, 1, 5))
        .hasMessageContaining("k is 5, but a problem has 4");
    assertThatThrownBy(() -> PassAtK.of(4, 1, 0)).hasMessageContaining("k is 0");
  }
}

package dev.drpo.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TargetTest {
  @Test
  void targetsBoundFromTheirSide() {
    assertThat(new Target.AtLeast(10).isMetBy(10)).isTrue();
    assertThat(new Target.AtLeast(10).isMetBy(9)).isFalse();
    assertThat(new Target.AtMost(10).isMetBy(10)).isTrue();
    assertThat(new Target.AtMost(10).isMetBy(11)).isFalse();
  }
}

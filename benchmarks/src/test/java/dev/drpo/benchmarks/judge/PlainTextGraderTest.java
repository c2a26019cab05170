package dev.drpo.benchmarks.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextGraderTest {
  @Test
  void theFloorFindsTheLastBoxBehindTheReasoning() {
    assertThat(PlainTextGrader.isRight("\\frac{1}{2}", "</think> \\boxed{\\frac{1}{2}}.")).isTrue();
    assertThat(PlainTextGrader.isRight("2", "</think> \\boxed{2} or \\boxed{3}")).isFalse();
    assertThat(PlainTextGrader.isRight("2", "\\boxed{2} </think>")).isFalse();
    assertThat(PlainTextGrader.isRight("2", "</think> \\boxed{2")).isFalse();
  }
}

package dev.drpo.reward.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.FinishReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatFunctionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<think>so</think> \\boxed{1}",
        "so</think>\\fbox{1}.",
        " \n<think></think>the answer is \\boxed {\\frac{1}{2}}",
        "<think>\\boxed{0} \\boxed{</think>\\boxed{\\{1\\}}",
        "</think>\\{ } \\boxed{\\}}",
      })
  void reasoningOnceAndAnsweringOnceEarnsTheReward(String response) {
    assertThat(value(response)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\\boxed{1}",
        "<think>\\boxed{1}",
        "</think>1",
        "</think>\\boxed1",
        "</think>\\boxed{1",
        "</think>\\boxed{ }",
        "</think>\\boxed{1} \\boxed{1}",
        "</think>\\boxed{\\boxed{1}}",
        "</think>\\boxed{1} \\boxed{",
        "</think></think>\\boxed{1}",
        "<think></think><think>\\boxed{1}",
        "well <think></think>\\boxed{1}",
        "<think><think></think>\\boxed{1}",
        "</think>\\\\boxed{1}",
      })
  void anythingElseEarnsNothing(String response) {
    assertThat(value(response)).isZero();
  }

  private static double value(String response) {
    return new FormatFunction()
        .value(new Submission(response, List.of("1"), FinishReason.FINISH_REASON_STOP, Map.of()));
  }
}

package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge as a run sets it up. */
class RewardConfigTest {

  @Test
  void aResponseWithoutReasoningIsWrongUnlessTheRunSaysOtherwise() {
    assertThat(judged("\\boxed{1}", Map.of())).isInstanceOf(Verdict.NoAnswer.class);
    assertThat(judged("\\boxed{1}", Map.of("reward.require-think", "false")))
        .isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void theRunsConventionsReplaceTheDefaults() {
    assertThat(judged("</think> \\boxed{100\\%}", Map.of())).isInstanceOf(Verdict.Equal.class);
    assertThat(judged("</think> \\boxed{100\\%}", Map.of("reward.conventions", "percent:typed")))
        .isInstanceOf(Verdict.NotEqual.class);
  }

  @Test
  void anUnknownConventionIsRefusedWithItsKey() {
    assertThatThrownBy(() -> judged("", Map.of("reward.conventions", "mood:good")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("reward.conventions: unknown convention 'mood'");
  }

  private static Verdict judged(String response, Map<String, String> run) {
    Conventions conventions = ConfigLoader.load(null, Map.of(), run).reward().conventions();
    return new Judge(Limits.DEFAULT).judge(response, List.of("1"), conventions);
  }
}

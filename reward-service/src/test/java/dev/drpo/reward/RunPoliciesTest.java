package dev.drpo.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.reward.judge.Judge;
import dev.drpo.reward.judge.Policies;
import dev.drpo.reward.judge.Verdict;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunPoliciesTest {

  @Test
  void aResponseWithoutReasoningIsWrongUnlessTheRunSaysOtherwise() {
    assertThat(judged("\\boxed{1}", Map.of())).isInstanceOf(Verdict.NoAnswer.class);
    assertThat(judged("\\boxed{1}", Map.of("reward.require-think", "false")))
        .isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void theRunsPoliciesReplaceTheDefaults() {
    assertThat(judged("</think> \\boxed{100\\%}", Map.of())).isInstanceOf(Verdict.Equal.class);
    assertThat(judged("</think> \\boxed{100\\%}", Map.of("reward.policies", "percent:typed")))
        .isInstanceOf(Verdict.NotEqual.class);
  }

  @Test
  void anUnknownPolicyIsRefusedWithItsKey() {
    assertThatThrownBy(() -> judged("", Map.of("reward.policies", "mood:good")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("reward.policies: unknown policy 'mood'");
  }

  private static Verdict judged(String response, Map<String, String> run) {
    Policies policies = RunPolicies.of(ConfigLoader.load(null, Map.of(), run).reward());
    return new Judge(Limits.DEFAULT).judge(response, List.of("1"), policies);
  }
}

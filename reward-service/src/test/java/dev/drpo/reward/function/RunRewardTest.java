package dev.drpo.reward.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.RewardMeters;
import dev.drpo.reward.evaluation.MeteredJudge;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RunRewardTest {
  private static final Submission RIGHT = submission("</think> \\boxed{1}");

  @Inject @Any Instance<RewardFunction> known;
  @Inject RewardMeters meters;
  @Inject MeteredJudge judge;

  @Test
  void theRewardIsTheWeightedSumAndEveryComponentIsKept() {
    RunReward reward = reward("answer", 2.0, "format", 0.5, "brevity", 0.0);

    Verdict right = reward.verdict(RIGHT);
    assertThat(right.getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(right.getReward()).isEqualTo(2.5);
    assertThat(right.getComponentsMap())
        .isEqualTo(
            Map.of("answer", 1.0, "format", 1.0, "brevity", new BrevityFunction().value(RIGHT)));

    Verdict wrong = reward.verdict(submission("</think> \\boxed{2}"));
    assertThat(wrong.getOutcome()).isEqualTo(Outcome.OUTCOME_NOT_EQUAL);
    assertThat(wrong.getReward()).isEqualTo(0.5);
  }

  @Test
  void theVerdictSaysWhereTheAnswerIsIfAndOnlyIfTheObjectiveAsks() {
    Submission submission = submission("x = 1\nWait.\n</think> \\boxed{1}");
    for (boolean asks : new boolean[] {true, false}) {
      RunConfig run =
          ConfigLoader.load(
              null, Map.of(), Map.of("objective.cut-after-answer", String.valueOf(asks)));
      RunReward reward =
          new RunReward(
              run.reward().functions(),
              List.of(new AnswerFunction(judge, Conventions.DEFAULT, run)),
              meters);
      assertThat(reward.verdict(submission).getTailEnd()).isEqualTo(asks ? 12 : 0);
    }
  }

  @Test
  void aTruncatedResponseIsMarkedWhoeverJudges() {
    Submission truncated =
        new Submission("1", List.of("1"), FinishReason.FINISH_REASON_LENGTH, Map.of());
    assertThat(reward("answer", 1.0).verdict(truncated).getTruncated()).isTrue();
    assertThat(reward("always-right", 1.0).verdict(truncated).getTruncated()).isTrue();
  }

  @Test
  void aBeanOnTheClassPathIsAFunctionLikeAnyOther() {
    assertThat(reward("always-right", 1.0).verdict(RIGHT).getRule()).isEqualTo("by-decree");
  }

  @Test
  void namesThatAreUnknownAndFirstFunctionsThatJudgeNothingAreRefused() {
    assertThatThrownBy(() -> reward("answer", 1.0, "formatt", 0.1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reward.functions names 'formatt'")
        .hasMessageContaining("format");
    assertThatThrownBy(() -> reward("format", 1.0, "answer", 1.0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the first must judge the answer")
        .hasMessageContaining("[always-right, answer, remote]");
  }

  @Test
  void twoFunctionsOfOneNameAreRefused() {
    assertThatThrownBy(
            () ->
                new RunReward(
                    Map.of("format", 1.0),
                    List.of(new FormatFunction(), new FormatFunction()),
                    meters))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("two reward functions have the name 'format'");
  }

  @Test
  void aValueThatIsNotFiniteIsAFailureAndNoReward() {
    RewardFunction broken =
        new RewardFunction() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public double value(Submission submission) {
            return Double.NaN;
          }
        };
    Map<String, Double> weights = new LinkedHashMap<>();
    weights.put("always-right", 1.0);
    weights.put("broken", 0.0);
    RunReward reward = new RunReward(weights, List.of(new AlwaysRightFunction(), broken), meters);
    assertThatThrownBy(() -> reward.verdict(RIGHT))
        .hasMessageContaining("the reward function 'broken' gave NaN");
  }

  private RunReward reward(Object... namesAndWeights) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < namesAndWeights.length; i += 2) {
      weights.put((String) namesAndWeights[i], (Double) namesAndWeights[i + 1]);
    }
    return new RunReward(weights, known.stream().toList(), meters);
  }

  private static Submission submission(String response) {
    return new Submission(response, List.of("1"), FinishReason.FINISH_REASON_STOP, Map.of());
  }
}

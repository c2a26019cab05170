package dev.drpo.objectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class ObjectiveConfigTest {
  static final List<String> NAMES = Configs.NAMES;

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyNameThatAConfigurationMayHaveIsAnObjectiveThatPushesWrongResponsesDown(String name) {
    assertThat(weights(Configs.of(name))[2]).isNegative();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyObjectiveIsOfItsOwn(String name) {
    assertThat(NAMES.stream().map(ObjectiveConfigTest::kind).distinct()).hasSameSizeAs(NAMES);
    assertThat(kind(name).getSimpleName()).isEqualToIgnoringCase(name.replace("-", ""));
  }

  private static Class<?> kind(String name) {
    return Configs.of(name).objective(16).getClass();
  }

  @ParameterizedTest
  @CsvSource({
    "drpo, lambda, 0.2",
    "drpo, adaptive-lambda, true",
    "drpo, length-reward, concave",
    "drpo, length-reward, cosine",
    "grpo-length, length-reward, cosine",
    "grpo-length, length-weight, 0.4",
    "dapo, overlong-ramp, 0.9",
    "rloo-lp, rloo-alpha, 0.4",
    "alp, alp-beta, 0.01",
    "hapo, hapo-weight, 0.1",
    "l1-max, l1-alpha, 0.05",
    "l1-max, l1-target, 0.5",
    "dler, length-target, 0.9",
    "dler, dler-boost, 0.3",
    "ddca, ddca-beta, 0.4",
    "gr3, gr3-alpha, 1",
    "laser, length-target, 0.9",
    "laser, laser-bonus, 1",
    "kimi-length, kimi-weight, 0.2",
    "shorter-better, shorter-alpha, 1",
    "shorter-better, shorter-beta, 0.01",
  })
  void anOptionOfTheObjectiveChangesTheWeights(String name, String key, String value) {
    // Where the reward per token matters: it is saturated or next to nothing at this length.
    String base = key.equals("l1-target") ? "l1-alpha=0.05" : "";
    String changed = (base.isEmpty() ? "" : base + ",") + key + "=" + value;
    assertThat(weights(Configs.of(name, changed))).isNotEqualTo(weights(Configs.of(name, base)));
  }

  @ParameterizedTest
  @CsvSource({
    "drpo, tau, 0.1",
    "drpo, delta, 0.5",
    "drpo, beta, 10",
    "drpo, kl, k3",
    "disco, tau, 0.1",
    "disco, score, likelihood-ratio",
    "disco, kl, k3",
    "grpo, clip, 0.6",
    "dr-grpo, clip, 0.6",
    "grpo-length, clip, 0.6",
    "dapo, clip, 0.6",
    "dapo, clip-high, 0.6",
    "rloo-lp, clip, 0.6",
    "alp, clip, 0.6",
    "hapo, clip, 0.6",
    "l1-max, clip, 0.6",
    "dler, clip, 0.6",
    "dler, clip-high, 0.6",
    "ddca, clip, 0.6",
    "gr3, clip, 0.6",
    "laser, clip, 0.6",
    "kimi-length, clip, 0.6",
    "shorter-better, clip, 0.6",
  })
  void anOptionOfTheObjectiveCountsAwayFromTheSamplingPolicy(
      String name, String key, String value) {
    assertThat(moved(Configs.of(name, key + "=" + value))).isNotEqualTo(moved(Configs.of(name)));
  }

  @Test
  void theTemperatureOfTheRatioScoreHasItsOwnKey() {
    assertThat(moved(Configs.of("disco", "score=likelihood-ratio,ratio-tau=0.1")))
        .isNotEqualTo(moved(Configs.of("disco", "score=likelihood-ratio")));
  }

  @Test
  void discoIsDrpoWithoutLengthReward() {
    double[] disco = weights(Configs.of("disco"));
    assertThat(disco).isEqualTo(weights(Configs.of("drpo", "lambda=Infinity")));
    assertThat(disco).isNotEqualTo(weights(Configs.of("drpo")));
  }

  /** With a second reward function, and of equal lengths, which tell nothing. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void anObjectiveLearnsFromAGroupIfAndOnlyIfItHasItsSignal(String name) {
    learnsIfAndOnlyIfThereIsSignal(Configs.of(name).objective(16));
  }

  @ParameterizedTest
  @EnumSource(AllCorrect.class)
  void drpoSaysWhatItLearnsFromWhereAllAreRight(AllCorrect allCorrect) {
    Objective drpo = Drpo.Config.DEFAULT.withAllCorrect(allCorrect).objective(16);
    learnsIfAndOnlyIfThereIsSignal(drpo);
    Group right = Batch.group(2, 4, 9);
    Group wrong = Batch.group(0, 4, 9);
    assertThat(drpo.signal().in(right.responses())).isEqualTo(allCorrect != AllCorrect.NONE);
    assertThat(learns(drpo, right)).isEqualTo(allCorrect != AllCorrect.NONE);
    assertThat(drpo.signal().in(wrong.responses())).isFalse();
    assertThat(learns(drpo, wrong)).isFalse();
  }

  private static void learnsIfAndOnlyIfThereIsSignal(Objective objective) {
    Group liked = Batch.group(rewarded(true, 1), rewarded(true, 0.25));
    Group alike = Batch.group(rewarded(true, 1), rewarded(false, 1));
    Group both = Batch.group(rewarded(true, 1), rewarded(false, 0));
    Group none = Batch.group(rewarded(true, 1), rewarded(true, 1));
    for (Group group : List.of(liked, alike, both, none)) {
      assertThat(objective.signal().in(group.responses())).isEqualTo(learns(objective, group));
    }
  }

  private static boolean learns(Objective objective, Group group) {
    return Weights.flat(objective.evaluate(List.of(group)).tokenWeights())
        .anyMatch(weight -> Math.abs(weight) > 0);
  }

  private static Response rewarded(boolean correct, double reward) {
    Response response = Batch.response(correct, 4, -1);
    return new Response(correct, reward, response.old(), response.current());
  }

  private static double[] weights(ObjectiveConfig config) {
    return EffectiveWeights.of(
        config.objective(16), new double[] {1, 1, 0, 0, 1}, new int[] {2, 9, 4, 15, 15});
  }

  /** Token weights past the clips and outside of the default trust region. */
  private static double[] moved(ObjectiveConfig config) {
    Group group =
        Batch.group(
            Batch.moved(Batch.response(true, 3, -1), t -> 0.35 - 0.3 * t),
            Batch.moved(Batch.response(false, 2, -1), -0.4),
            Batch.moved(Batch.response(false, 4, -2), t -> 0.35 - 0.35 * t));
    Objective objective = config.objective(16);
    return Weights.flat(objective.evaluate(List.of(group)).tokenWeights()).toArray();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyComponentIsAnOption(String name) {
    assertThat(Configs.of(name).getClass().getRecordComponents())
        .extracting(Configs::key)
        .isSubsetOf(Arrays.stream(Option.values()).map(Option::key).toList());
  }

  @Test
  void everyOptionIsTakenByAnObjectiveAndHasOneDefault() {
    for (Option option : Option.values()) {
      Set<Object> defaults = new HashSet<>();
      for (ObjectiveConfig config : ObjectiveConfig.defaults()) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
          if (Configs.key(component).equals(option.key())) {
            assertThatCode(() -> defaults.add(component.getAccessor().invoke(config)))
                .doesNotThrowAnyException();
          }
        }
      }
      assertThat(defaults).as(option.key()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drpo | lambda=0 | lambda is 0.0; it must be above 0 (Infinity is allowed)",
        "drpo | lambda=NaN | lambda is NaN; it must be above 0",
        "drpo | lambda=0.2,adaptive-lambda=true | lambda is 0.2; adaptive-lambda takes",
        "drpo | adaptive-lambda=true,all-correct=pull | all-correct is pull; it weighs groups without",
        "drpo | lambda=Infinity,all-correct=contrast | all-correct is contrast; with the lambda Inf",
        "drpo | tau=Infinity | tau is Infinity; it must be above 0 and finite",
        "drpo | delta=-1 | delta is -1.0; it must be 0 or more",
        "drpo | beta=-1 | beta is -1.0; it must be 0 or more and finite",
        "disco | ratio-tau=0 | ratio-tau is 0.0; it must be above 0",
        "disco | delta=-1 | delta is -1.0; it must be 0 or more",
        "disco | beta=-1 | beta is -1.0; it must be 0 or more and finite",
        "disco | score=likelihood-ratio,tau=3 | tau is 3.0; with the score likelihood-ratio it is",
        "disco | ratio-tau=3 | ratio-tau is 3.0; it counts with the score likelihood-ratio only",
        "grpo | clip=1 | clip is 1.0; it must be above 0 and below 1",
        "grpo-length | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "grpo-length | length-weight=0 | length-weight is 0.0; it must be in (0, 1]",
        "dr-grpo | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "dapo | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "dapo | clip-high=0 | clip-high is 0.0; it must be above 0",
        "dapo | overlong-ramp=1.5 | overlong-ramp is 1.5; it must be in (0, 1]",
        "rloo-lp | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "rloo-lp | rloo-alpha=1 | rloo-alpha is 1.0; it must be in [0, 1)",
        "alp | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "alp | alp-beta=-1 | alp-beta is -1.0; it must be 0 or more",
        "hapo | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "hapo | hapo-weight=Infinity | hapo-weight is Infinity; it must be 0 or more and finite",
        "l1-max | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "l1-max | l1-alpha=0 | l1-alpha is 0.0; it must be above 0",
        "l1-max | l1-target=0 | l1-target is 0.0; it must be in (0, 1]",
        "dler | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "dler | clip-high=0 | clip-high is 0.0; it must be above 0",
        "dler | length-target=0 | length-target is 0.0; it must be in (0, 1]",
        "dler | dler-boost=-1 | dler-boost is -1.0; it must be 0 or more",
        "ddca | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "ddca | ddca-beta=-1 | ddca-beta is -1.0; it must be 0 or more",
        "gr3 | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "gr3 | gr3-alpha=-1 | gr3-alpha is -1.0; it must be 0 or more",
        "laser | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "laser | length-target=2 | length-target is 2.0; it must be in (0, 1]",
        "laser | laser-bonus=-1 | laser-bonus is -1.0; it must be 0 or more",
        "kimi-length | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "kimi-length | kimi-weight=Infinity | kimi-weight is Infinity; it must be 0 or more",
        "shorter-better | clip=0 | clip is 0.0; it must be above 0 and below 1",
        "shorter-better | shorter-alpha=0 | shorter-alpha is 0.0; it must be above 0 and finite",
        "shorter-better | shorter-beta=-1 | shorter-beta is -1.0; it must be 0 or more",
      })
  void aValueThatHasNoMeaningIsRefusedOnConstruction(String name, String options, String message) {
    assertThatThrownBy(() -> Configs.of(name, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}

package dev.drpo.learner.step;

import static dev.drpo.learner.step.StepFixture.BUDGET;
import static dev.drpo.learner.step.StepFixture.EVERYTHING;
import static dev.drpo.learner.step.StepFixture.NEVER_PUBLISHED;
import static dev.drpo.learner.step.StepFixture.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.objectives.Objective;
import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How the passes are cut changes nothing but the order of sums. */
class MicroBatchSplitTest {
  private static final int SEEDS = 6;

  @TempDir Path folder;
  private StepFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new StepFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /**
   * Random groups, lengths and splits, on one and on three workers, under every objective.
   *
   * <p>Sums in fp32 come out in another order when the passes are cut elsewhere, so that an entry
   * near zero differs by more than a millionth of itself: the measure is the norm of the difference
   * in units of the gradient's norm. The policy is flat enough for log-probabilities to be exact to
   * a few ten-millionths, since the hinge multiplies their error.
   */
  @ParameterizedTest
  @MethodSource("objectives")
  void anyMicroBatchSplitGivesTheSameGradient(String name, String option) {
    Objective objective = objective(name, option);
    PolicyTrainer one = fixture.trainer;
    try (PolicyTrainer three = fixture.load(fixture.weights, 3)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(31L * seed + name.hashCode());
        List<TrainingGroup> groups = fixture.groups(random, seed % 2 == 0 ? 0 : 0.5);
        List<float[]> whole = gradient(one, 1, objective, groups, EVERYTHING, EVERYTHING);
        for (int split = 0; split < 4; split++) {
          int tokens = 8 + random.nextInt(120);
          int retained = split % 2 == 0 ? EVERYTHING : 0;
          List<float[]> cut =
              split < 2
                  ? gradient(one, 1, objective, groups, tokens, retained)
                  : gradient(three, 3, objective, groups, tokens, retained);
          assertThat(StepFixture.distance(cut, whole))
              .as("seed %d, %d tokens per micro-batch, %d retained", seed, tokens, retained)
              .isLessThanOrEqualTo(1e-6);
        }
      }
    }
  }

  /** Every objective, and the variants that weigh tokens or pull them back in another way. */
  static List<Arguments> objectives() {
    List<Arguments> objectives = new ArrayList<>();
    for (ObjectiveConfig config : ObjectiveConfig.defaults()) {
      objectives.add(Arguments.of(config.name(), "objective.name=" + config.name()));
    }
    for (String option :
        List.of(
            "objective.lambda=1e-4",
            "objective.lambda=Infinity",
            "objective.adaptive-lambda=true",
            "objective.length-reward=cosine",
            "objective.kl=k3")) {
      objectives.add(Arguments.of("drpo", option));
    }
    objectives.add(Arguments.of("disco", "objective.score=likelihood-ratio"));
    return objectives;
  }

  private static Objective objective(String name, String option) {
    Map<String, String> settings = new HashMap<>(Map.of("objective.name", name));
    int equals = option.indexOf('=');
    settings.put(option.substring(0, equals), option.substring(equals + 1));
    Objective objective = ConfigLoader.load(null, Map.of(), settings).objective().objective(BUDGET);
    if (name.equals("hapo")) {
      // Only a question that was solved before has a length term.
      objective.restore(Map.of("q0", 3L, "q1", 9L));
    }
    return objective;
  }

  @Test
  void microBatchesKeepToTheirSizeWhereASequenceDoes() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<SampleSlot> slots = SampleSlot.of(fixture.groups(random, 0));
      int most = 24 + random.nextInt(80);
      List<List<SampleSlot>> cuts = SampleSlot.cut(slots, most, 1 + random.nextInt(3));
      assertThat(cuts.stream().flatMap(List::stream)).containsExactlyElementsOf(slots);
      assertThat(cuts)
          .allSatisfy(
              cut -> assertThat(SampleSlot.microBatch(cut).tokens()).isLessThanOrEqualTo(most));
    }
  }

  @Test
  void aGroupInOneMicroBatchFeedsItsPromptOnce() {
    List<SampleSlot> slots = SampleSlot.of(fixture.groups(new Random(8), 0));
    int tokens = 0;
    int last = -1;
    for (SampleSlot slot : slots) {
      tokens += slot.source.tokens().length - 1;
      tokens += slot.group == last ? 0 : promptTokens(slots, slot.group);
      last = slot.group;
    }
    List<List<SampleSlot>> cuts = SampleSlot.cut(slots, EVERYTHING, 1);
    assertThat(cuts).hasSize(1);
    assertThat(SampleSlot.microBatch(cuts.getFirst()).tokens()).isEqualTo(tokens);
  }

  private static int promptTokens(List<SampleSlot> slots, int group) {
    SampleSlot slot = slots.stream().filter(s -> s.group == group).findFirst().orElseThrow();
    MicroBatch alone = SampleSlot.microBatch(List.of(slot));
    return alone.tokens() - slot.source.tokens().length + 1;
  }

  private List<float[]> gradient(
      PolicyTrainer trainer,
      int workers,
      Objective objective,
      List<TrainingGroup> groups,
      int tokensPerMicroBatch,
      int retained) {
    new MiniBatchUpdate(
            trainer,
            objective,
            new UpdateSettings(
                TEMPERATURE, tokensPerMicroBatch, retained, workers, Importance.NONE))
        .accumulate(groups, NEVER_PUBLISHED);
    return new ArrayList<>(trainer.gradients());
  }
}

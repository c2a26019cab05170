package dev.drpo.learner.step;

import static dev.drpo.learner.step.StepFixture.AS_SAMPLED;
import static dev.drpo.learner.step.StepFixture.BUDGET;
import static dev.drpo.learner.step.StepFixture.EVERYTHING;
import static dev.drpo.learner.step.StepFixture.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.step.MiniBatchUpdate.Old;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RatioBand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates that leave out what sampler and learner disagree on too far. */
class BandedUpdateTest {
  private static final RatioBand ICE_POP = new RatioBand(0.5, 5);
  private static final RatioBand NARROW = new RatioBand(0.9, 1.1);
  private static final Drpo DRPO = new Drpo(BUDGET, 0.1, 10, 1e-4, 1e3);

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

  @ParameterizedTest
  @ValueSource(ints = {0, EVERYTHING})
  void bandsThatHoldEveryRatioChangeNoBit(int retained) {
    List<TrainingGroup> groups = fixture.groups(new Random(9), 0.05);
    for (double cap : new double[] {0, 2}) {
      MiniBatchUpdate.Gradient without =
          accumulate(new Importance(cap, RatioBand.NONE, RatioBand.NONE), groups, 40, retained);
      List<float[]> expected = fixture.trainer.gradients();
      MiniBatchUpdate.Gradient banded =
          accumulate(new Importance(cap, ICE_POP, NARROW), groups, 40, retained);
      assertThat(fixture.trainer.gradients()).usingRecursiveComparison().isEqualTo(expected);
      assertThat(banded).usingRecursiveComparison().isEqualTo(without);
    }
  }

  /** Every token is e^-0.25 times as likely as it was sampled, and only 1 is in the band. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bandsThatHoldNoRatioLeaveNoGradientAndAnUpdateThatWorks(boolean responses) {
    RatioBand empty = new RatioBand(1, 1);
    Importance importance =
        responses
            ? new Importance(2, RatioBand.NONE, empty)
            : new Importance(2, empty, RatioBand.NONE);
    List<TrainingGroup> groups = fixture.groups(new Random(9), 0.25);
    int samples = groups.stream().mapToInt(group -> group.samples().size()).sum();
    long tokens = groups.stream().mapToLong(TrainingGroup::responseTokens).sum();
    MiniBatchUpdate update = update(importance, DRPO, 40, 0);
    MiniBatchUpdate.Result result =
        update.apply(
            groups, AS_SAMPLED, Old.FOUND, new PolicyTrainer.AdamW(1e-3, 0.9, 0.999, 1e-8, 0, 1));
    assertThat(result.outcome()).isEqualTo(new Outcome.Applied(0));
    assertThat(result.leftOut()).isEqualTo(new LeftOut(tokens, responses ? samples : 0));
    assertThat(result.objective()).isFinite();
    assertThat(result.divergence()).isZero();
    assertThat(result.pushedDown().share()).isZero();
    // The gap is measured whatever an update makes of it.
    assertThat(result.gap().mean()).isCloseTo(0.25, within(1e-4));
    assertThat(update.divergence(result.groups())).isZero();
    TrainingGroup.Sample first = groups.getFirst().samples().getFirst();
    assertThat(fixture.logProbabilities(groups.getFirst().promptTokens(), first.tokens()))
        .containsExactly(result.groups().getFirst().samples().getFirst().old(), within(1e-6f));
  }

  /**
   * One response is far from its sampler, and every third token of the others. The objective has to
   * see these at 0, and all others at their ratio, in a group that is whole.
   */
  @Test
  void theObjectiveSeesWholeGroupsWithWhatIsLeftOutAtZero() {
    List<TrainingGroup> groups = disagreeing();
    List<List<Group>> seen = new ArrayList<>();
    Objective watched =
        everything -> {
          seen.add(everything);
          return DRPO.evaluate(everything);
        };
    Importance importance = new Importance(2, ICE_POP, new RatioBand(0.2, 3));
    MiniBatchUpdate.Gradient gradient =
        update(importance, watched, 40, 0).accumulate(groups, AS_SAMPLED, Old.FOUND);
    int tokens = 0;
    for (int g = 0; g < groups.size(); g++) {
      TrainingGroup group = groups.get(g);
      assertThat(seen.getFirst().get(g).size()).isEqualTo(group.samples().size());
      for (int i = 0; i < group.samples().size(); i++) {
        TrainingGroup.Sample sample = group.samples().get(i);
        float[] now = fixture.logProbabilities(group.promptTokens(), sample.tokens());
        double[] expected = new double[now.length];
        for (int t = 0; t < now.length; t++) {
          double ratio = Math.exp(now[t]) / Math.exp(sample.logProbabilities()[t]);
          boolean out = (g == 0 && i == 0) || t % 3 == 2;
          expected[t] = out ? 0 : Math.min(2, ratio);
          tokens += out ? 1 : 0;
        }
        double[] importanceSeen = seen.getFirst().get(g).responses().get(i).importance();
        assertThat(importanceSeen).containsExactly(expected, within(1e-4));
      }
    }
    assertThat(gradient.leftOut()).isEqualTo(new LeftOut(tokens, 1));
    assertThat(gradient.weights()[0][0]).isZero();
    assertThat(gradient.weights()[0][1]).isNotZero();
  }

  @Test
  void aLaterMiniBatchLeavesOutTheSameAsTheFirstOne() {
    List<TrainingGroup> groups = disagreeing();
    MiniBatchUpdate update =
        update(new Importance(2, ICE_POP, new RatioBand(0.2, 3)), DRPO, 40, EVERYTHING);
    MiniBatchUpdate.Gradient later =
        update.accumulate(update.recomputeOld(groups), AS_SAMPLED, Old.GIVEN);
    assertThat(update.accumulate(groups, AS_SAMPLED, Old.FOUND))
        .usingRecursiveComparison()
        .isEqualTo(later);
    assertThat(later.leftOut().responses()).isEqualTo(1);
  }

  @Test
  void theGradientIsTheSameHoweverPassesAreCut() {
    List<TrainingGroup> groups = disagreeing();
    Importance importance = new Importance(2, ICE_POP, new RatioBand(0.2, 3));
    accumulate(importance, groups, EVERYTHING, EVERYTHING);
    List<float[]> whole = fixture.trainer.gradients();
    assertThat(whole.stream().anyMatch(values -> values[0] != 0)).isTrue();
    for (int retained : new int[] {0, EVERYTHING}) {
      accumulate(importance, groups, 24, retained);
      assertThat(StepFixture.distance(fixture.trainer.gradients(), whole)).isLessThan(1e-5);
    }
  }

  /**
   * Groups of which the very first response was sampled with e^2 times its probability, and every
   * third token with e^1 times, while the others are as likely as they were.
   */
  private List<TrainingGroup> disagreeing() {
    List<TrainingGroup> groups = new ArrayList<>(fixture.groups(new Random(9), 0));
    for (int g = 0; g < groups.size(); g++) {
      List<TrainingGroup.Sample> samples = new ArrayList<>();
      for (int i = 0; i < groups.get(g).samples().size(); i++) {
        TrainingGroup.Sample sample = groups.get(g).samples().get(i);
        float[] sampled = sample.logProbabilities().clone();
        for (int t = 0; t < sampled.length; t++) {
          sampled[t] += g == 0 && i == 0 ? 2 : t % 3 == 2 ? 1 : 0;
        }
        samples.add(
            new TrainingGroup.Sample(
                sample.tokens(),
                sampled,
                sample.correct(),
                sample.reward(),
                false,
                sample.sampledBy()));
      }
      groups.set(g, groups.get(g).with(samples));
    }
    return groups;
  }

  private MiniBatchUpdate.Gradient accumulate(
      Importance importance, List<TrainingGroup> groups, int tokensPerMicroBatch, int retained) {
    return update(importance, DRPO, tokensPerMicroBatch, retained)
        .accumulate(groups, AS_SAMPLED, Old.FOUND);
  }

  private MiniBatchUpdate update(
      Importance importance, Objective objective, int tokensPerMicroBatch, int retained) {
    return new MiniBatchUpdate(
        fixture.trainer,
        objective,
        new UpdateSettings(TEMPERATURE, tokensPerMicroBatch, retained, 1, importance));
  }
}

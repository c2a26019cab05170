package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.Signal;
import dev.drpo.objectives.TokenSpan;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.StepMetrics;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.records.GroupsDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepStatisticsTest {
  private static final double[][] NO_WEIGHTS = {};
  private static final RunConfig CONFIG = ConfigLoader.load(null, Map.of(), Map.of());
  private static final PolicyVersion VERSION =
      new PolicyVersion(5, new PolicyDigest("ab".repeat(32)));

  /** As a second reward function leads to: one is mixed, another differs in its rewards. */
  private static final List<TrainingGroup> GROUPS =
      List.of(
          group(sample(true, 1), sample(true, 0.5)),
          group(sample(true, 1), sample(false, 1)),
          group(sample(true, 1), sample(false, 0)),
          group(sample(false, 0), sample(false, 0)),
          group(sample(false, 0.5), sample(false, 0)));

  @Test
  void groupsWithoutSignalAreThoseThatTheObjectiveCanNotLearnFrom() {
    assertThat(of(Signal.CORRECTNESS).groupsWithoutSignal()).isEqualTo(3);
    assertThat(of(Signal.REWARD).groupsWithoutSignal()).isEqualTo(2);
  }

  @Test
  void mixedGroupsAreThoseOfRightAndWrongResponsesWhateverTheObjective() {
    for (Signal signal : List.of(Signal.CORRECTNESS, Signal.REWARD)) {
      assertThat(of(signal).mixedGroups()).isEqualTo(2);
    }
  }

  @Test
  void aStepSaysWhatItLearnedFrom() {
    GroupsDigest digest = new GroupsDigest();
    for (TrainingGroup group : GROUPS.reversed()) {
      digest.add(
          group.prompt(),
          group.samples().stream()
              .map(
                  sample ->
                      new GroupsDigest.Response(
                          sample.tokens(),
                          sample.logProbabilities(),
                          sample.correct(),
                          sample.reward()))
              .toList());
    }
    assertThat(of(Signal.REWARD).groupsDigest()).isEqualTo(digest.hex());
  }

  @Test
  void aStepsTimesAndLagAreThoseOfItsGroups() {
    StepMetrics metrics = of(Signal.REWARD);
    assertThat(metrics.step()).isEqualTo(7);
    assertThat(metrics.policyLag()).isEqualTo(1);
    assertThat(metrics.rolloutSeconds()).isEqualTo(1.5);
    assertThat(metrics.learnSeconds()).isEqualTo(0.25);
    assertThat(metrics.stepSeconds()).isEqualTo(2);
    assertThat(metrics.tokensPerSecond()).isEqualTo(10);
  }

  @Test
  void theDivergenceIsThatOfAllTokensEachBeforeItsMiniBatchsUpdate() {
    LogProbabilityGap gap = new LogProbabilityGap(0.01, 0.2, 6e-5);
    Outcome applied = new Outcome.Applied(1);
    // Six groups of four tokens and three of four tokens, at 0 and at 3e-4.
    StepMetrics metrics =
        of(
            Signal.CORRECTNESS,
            new StepUpdate.Learned(
                List.of(
                    new MiniBatchUpdate.Result(
                        twice(GROUPS.subList(0, 3)), 1, 0, gap, 0.25, NO_WEIGHTS, applied),
                    new MiniBatchUpdate.Result(
                        GROUPS.subList(0, 3), 1, 3e-4, gap, 0.75, NO_WEIGHTS, applied)),
                gap,
                2e-4));
    assertThat(metrics.kl()).isCloseTo(1e-4, within(1e-15));
    assertThat(metrics.klAfter()).isEqualTo(2e-4);
    assertThat(metrics.logProbabilityGapKl()).isEqualTo(6e-5);
    assertThat(metrics.logProbabilityGapOfDelta()).isCloseTo(0.6, within(1e-12));
    assertThat(metrics.logProbabilityAlarm()).isEqualTo(1);
    assertThat(metrics.rightPushedDown()).isEqualTo(0.25);
  }

  private static List<TrainingGroup> twice(List<TrainingGroup> groups) {
    return Collections.nCopies(2, groups).stream().flatMap(List::stream).toList();
  }

  @Test
  void whatIsCutBehindAnswersIsCounted() {
    TrainingGroup.Sample cut =
        new TrainingGroup.Sample(
            new int[] {3, 4, 5, 6}, new float[4], true, 1, false, VERSION, new TokenSpan(1, 3));
    List<TrainingGroup> groups = List.of(group(cut, cut), group(sample(true, 1), sample(false, 0)));
    StepMetrics metrics =
        new StepStatistics(CONFIG, _ -> Signal.CORRECTNESS)
            .of(
                0,
                new StepGroups.Collected(groups, 0, 0),
                new StepUpdate.Learned(
                    List.of(
                        new MiniBatchUpdate.Result(
                            groups,
                            1,
                            0,
                            LogProbabilityGap.NONE,
                            0,
                            NO_WEIGHTS,
                            new Outcome.Applied(1))),
                    LogProbabilityGap.NONE,
                    Double.NaN),
                new StepStatistics.Times(
                    Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(2)));
    assertThat(metrics.cutResponses()).isEqualTo(2);
    assertThat(metrics.cutTokens()).isEqualTo(4);
    assertThat(of(Signal.CORRECTNESS).cutResponses()).isZero();
    assertThat(of(Signal.CORRECTNESS).responseBudget()).isEqualTo(8192);
  }

  private static StepMetrics of(Signal signal) {
    LogProbabilityGap gap = LogProbabilityGap.NONE;
    return of(
        signal,
        new StepUpdate.Learned(
            List.of(
                new MiniBatchUpdate.Result(
                    GROUPS, 1, 0, gap, 0.5, NO_WEIGHTS, new Outcome.Applied(1))),
            gap,
            Double.NaN));
  }

  private static StepMetrics of(Signal signal, StepUpdate.Learned learned) {
    return new StepStatistics(CONFIG, _ -> signal)
        .of(
            6,
            new StepGroups.Collected(GROUPS, 0, 0),
            learned,
            new StepStatistics.Times(
                Duration.ofMillis(1500), Duration.ofMillis(250), Duration.ofSeconds(2)));
  }

  private static TrainingGroup group(TrainingGroup.Sample... samples) {
    return new TrainingGroup("q", new int[] {1}, List.of(samples));
  }

  private static TrainingGroup.Sample sample(boolean correct, double reward) {
    return new TrainingGroup.Sample(
        new int[] {3, 4}, new float[] {-1, -2}, correct, reward, false, VERSION);
  }
}

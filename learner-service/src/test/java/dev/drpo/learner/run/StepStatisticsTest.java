package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.step.LeftOut;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.PushedDown;
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
import java.util.OptionalDouble;
import java.util.stream.Stream;
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
    assertThat(metrics.replicaWaitSeconds()).isEqualTo(0.1);
    assertThat(metrics.promptQueueSeconds()).isEqualTo(0.2);
    assertThat(metrics.samplingSeconds()).isEqualTo(0.3);
    assertThat(metrics.rolloutQueueSeconds()).isEqualTo(0.4);
    assertThat(metrics.judgingSeconds()).isEqualTo(0.5);
    assertThat(metrics.scoredQueueSeconds()).isEqualTo(0.6);
    assertThat(metrics.policyLagMax()).isEqualTo(1);
  }

  @Test
  void groupsAreCountedByTheirRightResponsesAndResponsesByTheirLengths() {
    PolicyVersion older = new PolicyVersion(3, VERSION.digest());
    StepMetrics metrics =
        statistics(
            List.of(
                group(ofLength(2, true, false), ofLength(9, false, true), ofLength(3, true, false)),
                group(ofLength(10, true, false), ofLength(2, false, false)),
                group(
                    new TrainingGroup.Sample(
                        new int[5], new float[5], false, 0, false, older, TokenSpan.NONE))));
    assertThat(metrics.solveRates()).containsExactly(1, 1, 1, 0);
    assertThat(metrics.lengthBins()).startsWith(1, 2, 3, 4, 5, 6, 7, 8, 10, 12).endsWith(8192);
    assertThat(metrics.lengthsCorrect().subList(0, 9)).containsExactly(0, 1, 1, 0, 0, 0, 0, 0, 1);
    assertThat(metrics.lengthsWrong().subList(0, 9)).containsExactly(0, 1, 0, 0, 1, 0, 0, 0, 1);
    assertThat(metrics.meanLengthEnded()).isEqualTo(22 / 5.0);
    assertThat(metrics.policyLag()).isCloseTo(8 / 6.0, within(1e-15));
    assertThat(metrics.policyLagMax()).isEqualTo(3);
  }

  private static TrainingGroup.Sample ofLength(int tokens, boolean correct, boolean truncated) {
    return new TrainingGroup.Sample(
        new int[tokens], new float[tokens], correct, correct ? 1 : 0, truncated, VERSION);
  }

  @Test
  void theDivergenceIsThatOfAllTokensEachBeforeItsMiniBatchsUpdate() {
    LogProbabilityGap gap = new LogProbabilityGap(0.01, 0.2, 6e-5, 2e-3);
    Outcome applied = new Outcome.Applied(1);
    // Six groups of four tokens and three of four tokens, at 0 and at 3e-4.
    StepMetrics metrics =
        of(
            Signal.CORRECTNESS,
            new StepUpdate.Learned(
                List.of(
                    new MiniBatchUpdate.Result(
                        twice(GROUPS.subList(0, 3)),
                        1,
                        0,
                        gap,
                        0.6,
                        new PushedDown(0.25, OptionalDouble.of(0.125)),
                        NO_WEIGHTS,
                        LeftOut.NOTHING,
                        applied),
                    new MiniBatchUpdate.Result(
                        GROUPS.subList(0, 3),
                        1,
                        3e-4,
                        gap,
                        0.3,
                        new PushedDown(0.75, OptionalDouble.of(0.5)),
                        NO_WEIGHTS,
                        LeftOut.NOTHING,
                        applied)),
                gap,
                2e-4));
    assertThat(metrics.kl()).isCloseTo(1e-4, within(1e-15));
    assertThat(metrics.klAfter()).isEqualTo(2e-4);
    assertThat(metrics.logProbabilityGapKl()).isEqualTo(6e-5);
    assertThat(metrics.logProbabilityGapOfDelta()).isCloseTo(0.6, within(1e-12));
    assertThat(metrics.logProbabilityAlarm()).isEqualTo(1);
    assertThat(metrics.rightPushedDown()).isEqualTo(0.25);
    assertThat(metrics.rightPushedDownByDrpo()).isEqualTo(0.125);
    assertThat(metrics.logProbabilityGapKlP99()).isEqualTo(2e-3);
    assertThat(metrics.entropy()).isCloseTo(0.5, within(1e-15));
  }

  /** Of 24 tokens in the first mini-batch, 15 are left out, and 3 of 12 in the second. */
  @Test
  void whatIsLeftOutIsCountedAndHasNoPartInTheDivergence() {
    StepMetrics metrics =
        statistics(
            new StepUpdate.Learned(
                List.of(
                    result(twice(GROUPS.subList(0, 3)), 3e-4, new LeftOut(15, 2)),
                    result(GROUPS.subList(0, 3), 1e-4, new LeftOut(3, 1))),
                LogProbabilityGap.NONE,
                Double.NaN),
            concat(twice(GROUPS.subList(0, 3)), GROUPS.subList(0, 3)));
    assertThat(metrics.leftOutTokens()).isEqualTo(18 / 36.0);
    assertThat(metrics.leftOutResponses()).isEqualTo(3 / 18.0);
    // Nine tokens of each.
    assertThat(metrics.kl()).isCloseTo(2e-4, within(1e-15));
    assertThat(of(Signal.CORRECTNESS).leftOutTokens()).isZero();
    assertThat(of(Signal.CORRECTNESS).leftOutResponses()).isZero();
  }

  @Test
  void whereAllIsLeftOutTheDivergenceIsZero() {
    LeftOut all = new LeftOut(20, 0);
    StepMetrics metrics =
        of(
            Signal.CORRECTNESS,
            new StepUpdate.Learned(
                List.of(result(GROUPS, 0, all)), LogProbabilityGap.NONE, Double.NaN));
    assertThat(metrics.leftOutTokens()).isEqualTo(1);
    assertThat(metrics.kl()).isZero();
  }

  private static MiniBatchUpdate.Result result(
      List<TrainingGroup> groups, double divergence, LeftOut leftOut) {
    return new MiniBatchUpdate.Result(
        groups,
        1,
        divergence,
        LogProbabilityGap.NONE,
        0,
        PushedDown.UNKNOWN,
        NO_WEIGHTS,
        leftOut,
        new Outcome.Applied(1));
  }

  private static List<TrainingGroup> concat(List<TrainingGroup> some, List<TrainingGroup> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
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
    StepMetrics metrics = statistics(groups);
    assertThat(metrics.cutResponses()).isEqualTo(2);
    assertThat(metrics.cutTokens()).isEqualTo(4);
    assertThat(of(Signal.CORRECTNESS).cutResponses()).isZero();
    assertThat(of(Signal.CORRECTNESS).responseBudget()).isEqualTo(8192);
  }

  private static StepMetrics statistics(List<TrainingGroup> groups) {
    return statistics(
        new StepUpdate.Learned(
            List.of(result(groups, 0, LeftOut.NOTHING)), LogProbabilityGap.NONE, Double.NaN),
        groups);
  }

  private static StepMetrics statistics(StepUpdate.Learned learned, List<TrainingGroup> groups) {
    return new StepStatistics(CONFIG, _ -> Signal.CORRECTNESS)
        .of(
            6,
            new StepGroups.Collected(groups, 0, 0, GroupTimes.NONE),
            learned,
            new StepStatistics.Times(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(2)));
  }

  private static StepMetrics of(Signal signal) {
    return of(
        signal,
        new StepUpdate.Learned(
            List.of(result(GROUPS, 0, LeftOut.NOTHING)), LogProbabilityGap.NONE, Double.NaN));
  }

  private static StepMetrics of(Signal signal, StepUpdate.Learned learned) {
    return new StepStatistics(CONFIG, _ -> signal)
        .of(
            6,
            new StepGroups.Collected(GROUPS, 0, 0, new GroupTimes(0.1, 0.2, 0.3, 0.4, 0.5, 0.6)),
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

package dev.drpo.learner.run;

import com.google.common.primitives.Ints;
import dev.drpo.learner.step.LeftOut;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.Signal;
import dev.drpo.reports.LengthBins;
import dev.drpo.reports.StepMetrics;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.records.GroupsDigest;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * Makes the numbers of a training step.
 *
 * @param signal what the objective needs of a step's group to learn from it
 */
record StepStatistics(RunConfig config, LongFunction<Signal> signal) {
  /**
   * How long the parts of a step took.
   *
   * @param rollout until its groups were there
   * @param learning of its updates
   * @param whole until its weights were handed over for publication
   */
  record Times(Duration rollout, Duration learning, Duration whole) {}

  /**
   * The numbers of a step.
   *
   * @param step the first is 0
   */
  StepMetrics of(
      long step, StepGroups.Collected collected, StepUpdate.Learned learned, Times times) {
    List<TrainingGroup> groups = collected.groups();
    List<MiniBatchUpdate.Result> results = learned.results();
    LogProbabilityGap gap = learned.gap();
    double stepSeconds = seconds(times.whole());
    List<TrainingGroup.Sample> samples =
        groups.stream().flatMap(group -> group.samples().stream()).toList();
    int positives = (int) samples.stream().filter(TrainingGroup.Sample::correct).count();
    int mixed = count(groups, Signal.CORRECTNESS);
    long tokens = tokens(groups);
    LeftOut leftOut =
        results.stream().map(MiniBatchUpdate.Result::leftOut).reduce(LeftOut.NOTHING, LeftOut::and);
    List<Outcome.Applied> applied =
        results.stream()
            .map(MiniBatchUpdate.Result::outcome)
            .filter(Outcome.Applied.class::isInstance)
            .map(Outcome.Applied.class::cast)
            .toList();
    GapAlarm alarm = GapAlarm.of(config);
    LengthBins bins = LengthBins.upTo(config.sampling().responseBudget(step));
    double delta = config.objective().trustRegion().orElse(Double.NaN);
    return new StepMetrics(
        step + 1,
        (double) positives / samples.size(),
        meanLength(samples, sample -> true),
        meanLength(samples, TrainingGroup.Sample::correct),
        meanLength(samples, sample -> !sample.correct()),
        positives,
        samples.size() - positives,
        mixed,
        groups.size() - count(groups, signal.apply(step)),
        collected.extra(),
        collected.refilled(),
        (int) samples.stream().filter(TrainingGroup.Sample::truncated).count(),
        config.sampling().responseBudget(step),
        (int) samples.stream().filter(sample -> !sample.tail().isEmpty()).count(),
        samples.stream().mapToLong(sample -> sample.tail().length()).sum(),
        mean(results, MiniBatchUpdate.Result::divergence, StepStatistics::countingTokens),
        learned.divergence(),
        results.stream()
            .mapToDouble(result -> Math.max(0, result.divergence() - delta))
            .average()
            .orElseThrow(),
        results.stream().mapToDouble(MiniBatchUpdate.Result::objective).average().orElseThrow(),
        applied.stream().mapToDouble(Outcome.Applied::gradientNorm).average().orElse(Double.NaN),
        results.size() - applied.size(),
        OptimizerSchedule.of(config).at(step).learningRate(),
        samples.stream()
            .mapToLong(sample -> step - sample.sampledBy().step())
            .average()
            .orElseThrow(),
        gap.largest(),
        gap.mean(),
        gap.kl(),
        alarm.share(gap),
        alarm.rings(gap) ? 1 : 0,
        seconds(times.rollout()),
        seconds(times.learning()),
        stepSeconds,
        tokens,
        tokens,
        tokens / stepSeconds,
        step + 1,
        digest(groups),
        results.getFirst().pushedDown().share(),
        results.getFirst().pushedDown().byOther().orElse(Double.NaN),
        meanLength(samples, sample -> !sample.truncated()),
        mean(results, MiniBatchUpdate.Result::entropy, result -> tokens(result.groups())),
        gap.klP99(),
        samples.stream().mapToLong(sample -> step - sample.sampledBy().step()).max().orElseThrow(),
        solveRates(groups),
        bins.ends(),
        bins.count(lengths(samples, TrainingGroup.Sample::correct)),
        bins.count(lengths(samples, sample -> !sample.correct())),
        collected.times().replicaWait(),
        collected.times().promptQueue(),
        collected.times().sampling(),
        collected.times().rolloutQueue(),
        collected.times().judging(),
        collected.times().scoredQueue(),
        (double) leftOut.tokens() / tokens,
        (double) leftOut.responses() / samples.size());
  }

  private static String digest(List<TrainingGroup> groups) {
    GroupsDigest digest = new GroupsDigest();
    for (TrainingGroup group : groups) {
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
    return digest.hex();
  }

  /** A number before each mini-batch's update, every one of some tokens counting the same. */
  private static double mean(
      List<MiniBatchUpdate.Result> results,
      ToDoubleFunction<MiniBatchUpdate.Result> number,
      ToLongFunction<MiniBatchUpdate.Result> ofTokens) {
    double sum = 0;
    long tokens = 0;
    for (MiniBatchUpdate.Result result : results) {
      long own = ofTokens.applyAsLong(result);
      sum += number.applyAsDouble(result) * own;
      tokens += own;
    }
    return sum / Math.max(1, tokens);
  }

  /** Those that the divergence is the mean over. */
  private static long countingTokens(MiniBatchUpdate.Result result) {
    return tokens(result.groups()) - result.leftOut().tokens();
  }

  private static long tokens(List<TrainingGroup> groups) {
    return groups.stream().mapToLong(TrainingGroup::responseTokens).sum();
  }

  private static int count(List<TrainingGroup> groups, Signal having) {
    return (int) groups.stream().filter(group -> group.has(having)).count();
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static double meanLength(
      List<TrainingGroup.Sample> samples, Predicate<TrainingGroup.Sample> which) {
    return lengths(samples, which).average().orElse(Double.NaN);
  }

  private static IntStream lengths(
      List<TrainingGroup.Sample> samples, Predicate<TrainingGroup.Sample> which) {
    return samples.stream().filter(which).mapToInt(TrainingGroup.Sample::length);
  }

  /** Groups by how many of their responses are right. */
  private static List<Integer> solveRates(List<TrainingGroup> groups) {
    int most = groups.stream().mapToInt(group -> group.samples().size()).max().orElseThrow();
    int[] rates = new int[most + 1];
    for (TrainingGroup group : groups) {
      rates[(int) group.samples().stream().filter(TrainingGroup.Sample::correct).count()]++;
    }
    return Ints.asList(rates);
  }
}

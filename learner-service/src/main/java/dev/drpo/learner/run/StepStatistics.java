package dev.drpo.learner.run;

import dev.drpo.learner.report.StepMetrics;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.proto.learner.v1.StepSummary;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import java.util.function.Predicate;

/** The numbers of one training step. */
final class StepStatistics {
  private StepStatistics() {}

  static StepMetrics of(
      StepGroups.Collected collected,
      List<MiniBatchUpdate.Result> results,
      LogProbabilityGap gap,
      RunConfig config,
      long step,
      double rolloutSeconds,
      double learnSeconds,
      double stepSeconds) {
    List<TrainingGroup> groups = collected.groups();
    List<TrainingGroup.Sample> samples =
        groups.stream().flatMap(group -> group.samples().stream()).toList();
    int positives = (int) samples.stream().filter(TrainingGroup.Sample::correct).count();
    int mixed = (int) groups.stream().filter(StepStatistics::isMixed).count();
    long tokens = groups.stream().mapToLong(TrainingGroup::responseTokens).sum();
    List<Outcome.Applied> applied =
        results.stream()
            .map(MiniBatchUpdate.Result::outcome)
            .filter(Outcome.Applied.class::isInstance)
            .map(Outcome.Applied.class::cast)
            .toList();
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
        groups.size() - mixed,
        collected.extra(),
        collected.refilled(),
        (int) samples.stream().filter(TrainingGroup.Sample::truncated).count(),
        results.getLast().divergence(),
        results.stream()
            .mapToDouble(result -> Math.max(0, result.divergence() - delta))
            .average()
            .orElseThrow(),
        results.stream().mapToDouble(MiniBatchUpdate.Result::objective).average().orElseThrow(),
        applied.stream().mapToDouble(Outcome.Applied::gradientNorm).average().orElse(Double.NaN),
        results.size() - applied.size(),
        OptimizerSchedule.of(config).at(step).learningRate(),
        samples.stream().mapToLong(sample -> step - sample.policyStep()).average().orElseThrow(),
        gap.largest(),
        gap.mean(),
        gap.mean() > config.training().logProbabilityAlarm() ? 1 : 0,
        rolloutSeconds,
        learnSeconds,
        stepSeconds,
        tokens,
        tokens,
        tokens / stepSeconds,
        step + 1);
  }

  static StepSummary summary(StepMetrics metrics) {
    return StepSummary.newBuilder()
        .setStep(metrics.step())
        .setAccuracy(metrics.accuracy())
        .setMeanLength(metrics.meanLength())
        .setMeanLengthCorrect(metrics.meanLengthCorrect())
        .setMeanLengthWrong(metrics.meanLengthWrong())
        .setKl(metrics.kl())
        .setGradientNorm(metrics.gradientNorm())
        .setStepSeconds(metrics.stepSeconds())
        .setTokens(metrics.tokensGenerated())
        .build();
  }

  private static boolean isMixed(TrainingGroup group) {
    return group.samples().stream().anyMatch(TrainingGroup.Sample::correct)
        && !group.samples().stream().allMatch(TrainingGroup.Sample::correct);
  }

  private static double meanLength(
      List<TrainingGroup.Sample> samples, Predicate<TrainingGroup.Sample> which) {
    return samples.stream()
        .filter(which)
        .mapToInt(sample -> sample.tokens().length)
        .average()
        .orElse(Double.NaN);
  }
}

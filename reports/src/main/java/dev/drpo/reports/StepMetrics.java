package dev.drpo.reports;

import java.util.List;

/**
 * What one training step measured: one line of {@code metrics.jsonl}. {@link Glossary.Section#STEP}
 * defines every component and its unit. A value that does not exist, such as the mean length of
 * wrong responses in a step without any, is NaN here and null in JSON.
 */
public record StepMetrics(
    long step,
    double accuracy,
    double meanLength,
    double meanLengthCorrect,
    double meanLengthWrong,
    int positives,
    int negatives,
    int mixedGroups,
    int groupsWithoutSignal,
    int extraGroups,
    int refilledGroups,
    int truncated,
    int responseBudget,
    int cutResponses,
    long cutTokens,
    double kl,
    double klAfter,
    double klHinge,
    double objective,
    double gradientNorm,
    int skippedUpdates,
    double learningRate,
    double policyLag,
    double logProbabilityGap,
    double logProbabilityGapMean,
    double logProbabilityGapKl,
    double logProbabilityGapOfDelta,
    int logProbabilityAlarm,
    double rolloutSeconds,
    double learnSeconds,
    double stepSeconds,
    long tokensGenerated,
    long tokensLearned,
    double tokensPerSecond,
    long policyStep,
    String groupsDigest,
    double rightPushedDown,
    double rightPushedDownByDrpo,
    double meanLengthEnded,
    double entropy,
    double logProbabilityGapKlP99,
    double policyLagMax,
    List<Integer> solveRates,
    List<Integer> lengthBins,
    List<Integer> lengthsCorrect,
    List<Integer> lengthsWrong,
    double replicaWaitSeconds,
    double promptQueueSeconds,
    double samplingSeconds,
    double rolloutQueueSeconds,
    double judgingSeconds,
    double scoredQueueSeconds,
    double leftOutTokens,
    double leftOutResponses) {
  /** Lines of before there were histograms have none. */
  public StepMetrics {
    solveRates = copy(solveRates);
    lengthBins = copy(lengthBins);
    lengthsCorrect = copy(lengthsCorrect);
    lengthsWrong = copy(lengthsWrong);
  }

  private static List<Integer> copy(List<Integer> counts) {
    return counts == null ? List.of() : List.copyOf(counts);
  }
}

package dev.drpo.reports;

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
    double rightPushedDown) {}

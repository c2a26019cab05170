package dev.drpo.benchmarks.pipeline;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Responses that nobody sampled, of the size that a reasoning policy's have: lengths are
 * log-normal, and a token has four characters of text. Half of them answer as a gold says.
 */
final class SyntheticResponses {
  /** Of the logarithm of a length: the longest of a thousand is ten times the median. */
  private static final double DEVIATION = 0.75;

  private static final String WORDS =
      "so we take the first term and add what is left of the other one, which gives us a sum that"
          + " is again even; wait, let me check this once more. ";

  private final Random random;
  private final int meanTokens;
  private final int mostTokens;
  private final int vocabulary;

  SyntheticResponses(long seed, int meanTokens, int mostTokens, int vocabulary) {
    this.random = new Random(seed);
    this.meanTokens = meanTokens;
    this.mostTokens = mostTokens;
    this.vocabulary = vocabulary;
  }

  /** Responses without versions and golds, which {@link #completed} gives them. */
  List<Rollout> group(int size) {
    List<Rollout> group = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      group.add(response(length()));
    }
    return group;
  }

  private int length() {
    double median = meanTokens / Math.exp(DEVIATION * DEVIATION / 2);
    double length = median * Math.exp(DEVIATION * random.nextGaussian());
    return (int) Math.clamp(length, 1, mostTokens);
  }

  private Rollout response(int tokens) {
    Rollout.Builder rollout = Rollout.newBuilder();
    // As the policy that learns from them is nearly sure of nothing.
    double mean = -Math.log(vocabulary);
    for (int i = 0; i < tokens; i++) {
      rollout.addTokens(random.nextInt(vocabulary));
      rollout.addLogProbabilities((float) (mean + 0.01 * random.nextGaussian()));
    }
    StringBuilder text = new StringBuilder("<think> ");
    while (text.length() < 4 * tokens) {
      text.append(WORDS);
    }
    return rollout
        .setFinishReason(
            tokens == mostTokens
                ? FinishReason.FINISH_REASON_LENGTH
                : FinishReason.FINISH_REASON_STOP)
        .setText(text.append("</think> ").toString())
        .build();
  }

  /** A group as a replica would publish it. */
  static List<Rollout> completed(List<Rollout> group, PolicyVersion version, String gold) {
    List<Rollout> completed = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      Rollout raw = group.get(i);
      String answer = i % 2 == 0 ? gold : "not " + gold;
      completed.add(
          raw.toBuilder()
              .setText(raw.getText() + "\\boxed{" + answer + "}")
              .addVersions(
                  VersionSpan.newBuilder().setVersion(version).setTokens(raw.getTokensCount()))
              .build());
    }
    return completed;
  }
}

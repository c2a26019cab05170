package dev.drpo.rollout.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A live response: the tokens drawn so far. */
final class Row {
  private final RunningGroup group;
  private final int sample;
  private final int budget;
  private final List<VersionSpan> versions = new ArrayList<>();
  private int[] tokens;
  private float[] logProbabilities;
  private int length;

  Row(RunningGroup group, int sample) {
    this.group = group;
    this.sample = sample;
    this.budget = group.request().sampling().maxResponseTokens();
    this.tokens = new int[Math.min(budget, 64)];
    this.logProbabilities = new float[tokens.length];
  }

  RunningGroup group() {
    return group;
  }

  int sample() {
    return sample;
  }

  void append(int token, float logProbability, PolicyVersion version) {
    if (length == tokens.length) {
      int capacity = Math.min(budget, 2 * length);
      tokens = Arrays.copyOf(tokens, capacity);
      logProbabilities = Arrays.copyOf(logProbabilities, capacity);
    }
    tokens[length] = token;
    logProbabilities[length] = logProbability;
    length++;
    if (!versions.isEmpty() && versions.getLast().version().equals(version)) {
      versions.add(new VersionSpan(version, versions.removeLast().tokens() + 1));
    } else {
      versions.add(new VersionSpan(version, 1));
    }
  }

  int lastToken() {
    return tokens[length - 1];
  }

  /**
   * Where the last token stands in the sequence, prompt included. The cache holds the positions
   * before it, since a drawn token is fed only by the next step.
   */
  int position() {
    return group.request().prompt().length + length - 1;
  }

  double nextUniform() {
    return group.uniform(sample, length);
  }

  boolean ended(Set<Integer> endOfSequence) {
    return length == budget || endOfSequence.contains(lastToken());
  }

  SampledResponse response(Set<Integer> endOfSequence) {
    return new SampledResponse(
        Arrays.copyOf(tokens, length),
        Arrays.copyOf(logProbabilities, length),
        endOfSequence.contains(lastToken()) ? FinishReason.STOP : FinishReason.LENGTH,
        versions);
  }
}

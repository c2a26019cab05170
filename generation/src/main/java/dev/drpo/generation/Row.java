package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.SamplingLaw;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A live response: the tokens drawn so far. */
final class Row {
  private final RunningGroup group;
  private final int sample;
  private final int budget;
  private final PageLedger.Claim claim;
  private final List<VersionSpan> versions = new ArrayList<>();
  private int[] tokens;
  private float[] logProbabilities;
  private float[] samplingLogProbabilities;
  private int length;

  Row(RunningGroup group, int sample, PageLedger.Claim claim) {
    this.group = group;
    this.sample = sample;
    this.claim = claim;
    this.budget = group.request().sampling().maxResponseTokens();
    this.tokens = new int[Math.min(budget, 64)];
    this.logProbabilities = new float[tokens.length];
    this.samplingLogProbabilities = new float[tokens.length];
  }

  RunningGroup group() {
    return group;
  }

  int sample() {
    return sample;
  }

  /** Its pages of the KV cache. */
  PageLedger.Claim claim() {
    return claim;
  }

  /** Whether its pages take all that has been drawn, so that the next token can be. */
  boolean hasRoom() {
    return length <= claim.positions();
  }

  void append(
      int token, float logProbability, float samplingLogProbability, PolicyVersion version) {
    if (length == tokens.length) {
      int capacity = Math.min(budget, 2 * length);
      tokens = Arrays.copyOf(tokens, capacity);
      logProbabilities = Arrays.copyOf(logProbabilities, capacity);
      samplingLogProbabilities = Arrays.copyOf(samplingLogProbabilities, capacity);
    }
    tokens[length] = token;
    logProbabilities[length] = logProbability;
    samplingLogProbabilities[length] = samplingLogProbability;
    length++;
    if (!versions.isEmpty() && versions.getLast().version().equals(version)) {
      versions.add(new VersionSpan(version, versions.removeLast().tokens() + 1));
    } else {
      versions.add(new VersionSpan(version, 1));
    }
  }

  /** The draw of the next token. */
  SamplingLaw.Draw draw() {
    return group.request().sampling().law().draw(group.uniform(sample, length));
  }

  boolean ended(Set<Integer> endOfSequence) {
    return length == budget || stopped(endOfSequence);
  }

  private boolean stopped(Set<Integer> endOfSequence) {
    int last = tokens[length - 1];
    return endOfSequence.contains(last)
        || group.request().sampling().stopTokens().contains(last)
        || group.isStopped(sample);
  }

  SampledResponse response(Set<Integer> endOfSequence) {
    return new SampledResponse(
        Arrays.copyOf(tokens, length),
        Arrays.copyOf(logProbabilities, length),
        Arrays.copyOf(samplingLogProbabilities, length),
        stopped(endOfSequence) ? FinishReason.STOP : FinishReason.LENGTH,
        versions);
  }
}

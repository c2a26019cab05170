package dev.drpo.engines;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.VersionSpan;
import dev.drpo.policy.checkpoint.PolicyVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A response that is being sampled, in one segment or several. One thread uses it. */
final class Draft {
  private final RemoteGroup group;
  private final int sample;
  private final List<VersionSpan> versions = new ArrayList<>();
  private int[] tokens = {};
  private float[] logProbabilities = {};
  private int failures;
  private Generation running;
  private SegmentRequest asked;

  Draft(RemoteGroup group, int sample) {
    this.group = group;
    this.sample = sample;
  }

  RemoteGroup group() {
    return group;
  }

  int sample() {
    return sample;
  }

  /** Attempts that came to nothing. */
  int failures() {
    return failures;
  }

  void failed() {
    failures++;
  }

  /** The request that is under way, or the one that was last. */
  SegmentRequest asked() {
    return asked;
  }

  /** The segment that is under way; null if there is none. */
  Generation running() {
    return running;
  }

  void sent(SegmentRequest request, Generation generation) {
    asked = request;
    running = generation;
  }

  void answered() {
    running = null;
  }

  /** What is still to be sampled. */
  SegmentRequest next(String id, List<Integer> ends, String weights) {
    GroupRequest request = group.request();
    int[] prompt = Arrays.copyOf(request.prompt(), request.prompt().length + tokens.length);
    System.arraycopy(tokens, 0, prompt, request.prompt().length, tokens.length);
    return new SegmentRequest(
        id,
        prompt,
        request.sampling().law(),
        request.sampling().maxResponseTokens() - tokens.length,
        ends,
        new Draws(
            request.sampling().seed(),
            request.stream(),
            request.firstSample() + sample,
            request.firstToken() + tokens.length),
        failures,
        weights);
  }

  /** Takes a segment; true if the response is complete. */
  boolean append(Segment segment, PolicyVersion version) {
    int before = tokens.length;
    int more = segment.tokens().length;
    tokens = Arrays.copyOf(tokens, before + more);
    System.arraycopy(segment.tokens(), 0, tokens, before, more);
    logProbabilities = Arrays.copyOf(logProbabilities, before + more);
    System.arraycopy(segment.logProbabilities(), 0, logProbabilities, before, more);
    if (more > 0) {
      boolean goesOn = !versions.isEmpty() && versions.getLast().version().equals(version);
      int earlier = goesOn ? versions.removeLast().tokens() : 0;
      versions.add(new VersionSpan(version, earlier + more));
    }
    return ended() || tokens.length == group.request().sampling().maxResponseTokens();
  }

  private boolean ended() {
    return tokens.length > 0 && asked.ends().contains(tokens[tokens.length - 1]);
  }

  /** The response, once it is complete. */
  SampledResponse response() {
    return new SampledResponse(
        tokens,
        wholeLogProbabilities(),
        logProbabilities,
        ended() ? FinishReason.STOP : FinishReason.LENGTH,
        versions);
  }

  /**
   * A server tells those of the distribution that it draws from; of the whole one it tells none.
   */
  private float[] wholeLogProbabilities() {
    if (!group.request().sampling().law().truncated()) {
      return logProbabilities;
    }
    float[] unknown = new float[tokens.length];
    Arrays.fill(unknown, Float.NaN);
    return unknown;
  }
}

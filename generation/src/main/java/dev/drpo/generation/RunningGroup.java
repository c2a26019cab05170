package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.CounterRandom;
import java.time.Duration;
import java.util.Arrays;

/**
 * A group from its submission on. Only the thread that decodes it touches it, but for the future.
 */
final class RunningGroup {
  private final GroupRequest request;
  private final ResponseListener listener;
  private final GroupSampling result = new GroupSampling();
  private final CounterRandom random;
  private final SampledResponse[] responses;
  private int begun;
  private int missing;
  private long startedNanos;

  RunningGroup(GroupRequest request, ResponseListener listener) {
    this.request = request;
    this.listener = listener;
    this.random = new CounterRandom(request.sampling().seed(), request.stream());
    this.responses = new SampledResponse[request.sampling().groupSize()];
    this.missing = responses.length;
  }

  GroupRequest request() {
    return request;
  }

  int size() {
    return responses.length;
  }

  GroupSampling result() {
    return result;
  }

  /** Responses that have no slot yet. */
  int remaining() {
    return responses.length - begun;
  }

  /** The next response to take a slot. */
  int beginNext() {
    return begun++;
  }

  /** Whether a caller has ended one of the responses. */
  boolean isStopped(int sample) {
    return result.isStopped(sample);
  }

  /** Whether nobody waits for more: it is complete, cancelled or failed. */
  boolean isDone() {
    return result.isDone();
  }

  boolean mayStartAt(PolicyVersion version) {
    return request.requiredStep() <= version.step();
  }

  void starts() {
    startedNanos = System.nanoTime();
    var _ = tell(listener::started);
  }

  /** The random number that draws a token of a sample. */
  double uniform(int sample, int token) {
    return random.uniform(request.firstSample() + sample, request.firstToken() + token);
  }

  /** Takes note of a token that was drawn for a sample. */
  void drew(int sample, int token, float logProbability) {
    var _ = tell(() -> listener.drew(sample, token, logProbability));
  }

  /** Takes a finished response; true if it was the last one missing. */
  boolean finished(int sample, SampledResponse response) {
    responses[sample] = response;
    missing--;
    return tell(() -> listener.finished(sample, response)) && missing == 0;
  }

  private boolean tell(Runnable news) {
    try {
      news.run();
      return true;
    } catch (RuntimeException e) {
      // Whoever waited is gone or broken; that must not touch the neighbours.
      fail(e);
      return false;
    }
  }

  void complete() {
    Duration samplingTime = Duration.ofNanos(System.nanoTime() - startedNanos);
    result.complete(new SampledGroup(Arrays.asList(responses), samplingTime));
  }

  void fail(RuntimeException cause) {
    result.completeExceptionally(cause);
  }
}

package dev.drpo.engines;

import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A group that is sampled elsewhere. One thread uses it, but for the future. */
final class RemoteGroup {
  private final GroupRequest request;
  private final ResponseListener listener;
  private final GroupSampling result = new GroupSampling();
  private final List<Draft> drafts;
  private final SampledResponse[] responses;
  private int missing;
  private long startedNanos;

  RemoteGroup(GroupRequest request, ResponseListener listener) {
    this.request = request;
    this.listener = listener;
    this.missing = request.sampling().groupSize();
    this.responses = new SampledResponse[missing];
    this.drafts = IntStream.range(0, missing).mapToObj(i -> new Draft(this, i)).toList();
  }

  GroupRequest request() {
    return request;
  }

  GroupSampling result() {
    return result;
  }

  List<Draft> drafts() {
    return drafts;
  }

  int size() {
    return responses.length;
  }

  /** Responses that are not complete. */
  int missing() {
    return missing;
  }

  /** Whether nobody waits for more: it is complete, cancelled or failed. */
  boolean isDone() {
    return result.isDone();
  }

  void starts() {
    startedNanos = System.nanoTime();
    var _ = tell(listener::started);
  }

  /** Takes a complete response; true if it was the last one missing. */
  boolean finished(Draft draft) {
    SampledResponse response = draft.response();
    responses[draft.sample()] = response;
    missing--;
    return tell(() -> listener.finished(draft.sample(), response)) && missing == 0;
  }

  /** Hands over the responses. */
  void complete() {
    Duration time = Duration.ofNanos(System.nanoTime() - startedNanos);
    result.complete(new SampledGroup(Arrays.asList(responses), time));
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

  void fail(RuntimeException cause) {
    result.completeExceptionally(cause);
  }
}

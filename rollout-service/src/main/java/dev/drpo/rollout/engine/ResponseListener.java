package dev.drpo.rollout.engine;

/** Hears of each response as it finishes. Called on the engine's thread: it must not block. */
@FunctionalInterface
public interface ResponseListener {
  /** For callers that only want the whole group. */
  ResponseListener NONE = (sample, response) -> {};

  /**
   * A response is complete.
   *
   * @param sample its index in the group
   */
  void finished(int sample, SampledResponse response);
}

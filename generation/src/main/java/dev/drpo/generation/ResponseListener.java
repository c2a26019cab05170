package dev.drpo.generation;

/** Hears how a group's responses come about. Called on the engine's thread: it must not block. */
@FunctionalInterface
public interface ResponseListener {
  /** For callers that only want the whole group. */
  ResponseListener NONE = (sample, response) -> {};

  /** The group has its slots and its weights, and will be sampled. */
  default void started() {}

  /** A response has one more token. */
  default void drew(int sample, int token, float logProbability) {}

  /**
   * A response is complete.
   *
   * @param sample its index in the group
   */
  void finished(int sample, SampledResponse response);
}

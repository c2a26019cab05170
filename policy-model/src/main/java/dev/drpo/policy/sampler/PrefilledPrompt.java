package dev.drpo.policy.sampler;

/**
 * A prompt whose keys and values are in a sampler's KV cache, for as many responses as begin before
 * it is closed. Belongs to the sampler that opened it.
 */
public final class PrefilledPrompt {
  private final int length;
  private int place;
  private int live;
  private boolean closed;

  PrefilledPrompt(int length, int place) {
    this.length = length;
    this.place = place;
  }

  /** Tokens. */
  public int length() {
    return length;
  }

  /** Which of the KV cache's prompts it is. */
  int place() {
    return place;
  }

  void moveTo(int newPlace) {
    place = newPlace;
  }

  int live() {
    return live;
  }

  void begins() {
    live++;
  }

  void ends() {
    live--;
  }

  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether nothing needs its place any more. */
  boolean isDone() {
    return closed && live == 0;
  }
}

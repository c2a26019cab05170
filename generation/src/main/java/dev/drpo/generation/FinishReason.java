package dev.drpo.generation;

/** Why a response ended. */
public enum FinishReason {
  /** The policy emitted an end-of-sequence token, which is the last of the tokens. */
  STOP,
  /** The response budget ran out. */
  LENGTH
}

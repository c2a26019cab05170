package dev.drpo.learner.checkpoint;

/** Checkpoints that can't be gone on from. The message names each, what is wrong and a remedy. */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CheckpointException(String message) {
    super(message);
  }
}

package dev.drpo.rollout.weights;

/** Weights that could not be fetched or made this time. The message names what happened. */
class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}

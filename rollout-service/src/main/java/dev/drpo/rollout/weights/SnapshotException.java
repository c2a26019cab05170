package dev.drpo.rollout.weights;

/** A snapshot that could not be fetched this time. The message names what happened. */
final class SnapshotException extends Exception {
  private static final long serialVersionUID = 1L;

  SnapshotException(String message) {
    super(message);
  }

  SnapshotException(String message, Throwable cause) {
    super(message, cause);
  }
}

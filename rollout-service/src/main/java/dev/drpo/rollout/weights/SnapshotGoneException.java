package dev.drpo.rollout.weights;

/** A snapshot that the learner holds no longer, or not yet. */
final class SnapshotGoneException extends SnapshotException {
  private static final long serialVersionUID = 1L;

  SnapshotGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}

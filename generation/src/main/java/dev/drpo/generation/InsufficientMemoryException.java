package dev.drpo.generation;

/** An engine does not fit into its device; the message says what needs how much, and the remedy. */
public final class InsufficientMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InsufficientMemoryException(String message) {
    super(message);
  }
}

package dev.drpo.planning;

/**
 * No plan can be made. The message says what does not fit, or was not understood, and the remedy.
 */
public final class UnplannableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnplannableException(String message) {
    super(message);
  }
}

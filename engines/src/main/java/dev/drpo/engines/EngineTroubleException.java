package dev.drpo.engines;

/**
 * A server does not answer, answers with an error of its own, or does not hold the weights that it
 * should. What it was asked for can be tried again.
 */
final class EngineTroubleException extends Exception {
  private static final long serialVersionUID = 1L;

  EngineTroubleException(String message, Throwable cause) {
    super(message, cause);
  }

  EngineTroubleException(String message) {
    super(message);
  }
}

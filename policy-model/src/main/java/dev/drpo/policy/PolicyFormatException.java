package dev.drpo.policy;

/**
 * A policy folder, or a file of it, that can't be used. The message names the file and the remedy.
 */
public final class PolicyFormatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PolicyFormatException(String message) {
    super(message);
  }

  public PolicyFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}

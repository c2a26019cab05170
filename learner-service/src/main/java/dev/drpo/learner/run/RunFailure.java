package dev.drpo.learner.run;

/** A run that can't go on. The message names what failed, what was expected and how to go on. */
public final class RunFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RunFailure(String message) {
    super(message);
  }

  public RunFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

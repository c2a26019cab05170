package dev.drpo.generation;

/** The engine stopped before a group was complete; another replica can sample it. */
public final class EngineStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EngineStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}

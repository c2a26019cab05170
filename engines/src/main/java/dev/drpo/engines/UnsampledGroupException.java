package dev.drpo.engines;

/** A server did not sample a group in as many attempts as make sense; another one may. */
final class UnsampledGroupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsampledGroupException(String message) {
    super(message);
  }
}

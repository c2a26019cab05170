package dev.drpo.engines;

/** A server refuses a request, and would refuse it again. */
final class RefusedByEngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedByEngineException(String message) {
    super(message);
  }
}

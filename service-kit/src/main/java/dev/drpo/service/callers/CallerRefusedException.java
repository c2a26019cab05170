package dev.drpo.service.callers;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A request that its caller may not make, or not now. The message says what to do, and is fit for
 * the caller.
 */
public final class CallerRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What HTTP calls the header that says when to try again; gRPC's trailer is called the same. */
  public static final String RETRY_AFTER = "Retry-After";

  /** Why. */
  public enum Kind {
    /** The caller is not known. */
    UNKNOWN_CALLER,
    /** The request is too large, and will be. */
    TOO_LARGE,
    /** The caller has asked for too much at present. */
    TOO_MUCH
  }

  private final Kind kind;
  private final long retryAfterSeconds;

  private CallerRefusedException(Kind kind, long retryAfterSeconds, String message) {
    // Without a stack trace: refusing must cost less than answering.
    super(message, null, false, false);
    this.kind = kind;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static CallerRefusedException unknown(String message) {
    return new CallerRefusedException(Kind.UNKNOWN_CALLER, 0, message);
  }

  static CallerRefusedException tooLarge(int limit) {
    return new CallerRefusedException(
        Kind.TOO_LARGE,
        0,
        "a request may have %d bytes (callers.request-bytes); send less at once".formatted(limit));
  }

  static CallerRefusedException tooMuch(Duration retryAfter, String message) {
    long seconds = Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    return new CallerRefusedException(Kind.TOO_MUCH, seconds, message);
  }

  public Kind kind() {
    return kind;
  }

  /** Whole seconds after which the same request may be answered; empty if it never will be. */
  public OptionalLong retryAfterSeconds() {
    return retryAfterSeconds == 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterSeconds);
  }
}

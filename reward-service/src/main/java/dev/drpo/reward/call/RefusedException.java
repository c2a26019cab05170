package dev.drpo.reward.call;

import io.grpc.Status;
import java.time.Duration;

/**
 * A request that is not answered. The message names what is wrong, what is expected and what to do,
 * and is fit for the caller.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  private RefusedException(Status.Code code, String message) {
    // Without a stack trace: the caller is at fault, and refusing must not cost more than judging.
    super(message, null, false, false);
    this.code = code;
  }

  /** The request can't be judged as it is. */
  public static RefusedException invalid(String message) {
    return new RefusedException(Status.Code.INVALID_ARGUMENT, message);
  }

  /** The request has more bytes than are read. */
  public static RefusedException tooLarge(int limit) {
    return new RefusedException(
        Status.Code.RESOURCE_EXHAUSTED,
        "a message may have %d bytes; send fewer responses at once, or of each the part after its last </think>"
            .formatted(limit));
  }

  /** The calls at hand leave no room for this one. */
  static RefusedException busy(long capacityBytes) {
    return new RefusedException(
        Status.Code.RESOURCE_EXHAUSTED,
        "the requests at hand fill the %d bytes that are kept for them; try again soon, or send fewer at once"
            .formatted(capacityBytes));
  }

  /** The caller does not go on sending. */
  static RefusedException stalled(Duration patience) {
    return new RefusedException(
        Status.Code.DEADLINE_EXCEEDED,
        "the request was not complete %d s after it began; send it faster, or in smaller messages"
            .formatted(patience.toSeconds()));
  }

  static RefusedException late(String done) {
    return new RefusedException(
        Status.Code.DEADLINE_EXCEEDED,
        "the caller's deadline passed after %s; allow more time or send less at once"
            .formatted(done));
  }

  static RefusedException cancelled() {
    return new RefusedException(Status.Code.CANCELLED, "the caller left");
  }

  public Status.Code code() {
    return code;
  }
}

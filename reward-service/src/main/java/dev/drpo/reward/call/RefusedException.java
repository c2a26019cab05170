package dev.drpo.reward.call;

import dev.drpo.proto.reward.v1.Error;
import dev.drpo.service.callers.CallerRefusedException;
import io.grpc.Status;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * A request that is not answered. The message names what is wrong, what is expected and what to do,
 * and is fit for the caller.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(RefusedException.class);

  private final Status.Code code;
  private final boolean passing;

  private RefusedException(Status.Code code, boolean passing, String message) {
    // Without a stack trace: the caller is at fault, and refusing must not cost more than judging.
    super(message, null, false, false);
    this.code = code;
    this.passing = passing;
  }

  /** What a caller is told of any failure; one that is not the caller's is logged. */
  public static RefusedException of(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return refused;
    }
    if (failure instanceof CallerRefusedException refused) {
      return new RefusedException(
          refused.kind() == CallerRefusedException.Kind.UNKNOWN_CALLER
              ? Status.Code.UNAUTHENTICATED
              : Status.Code.RESOURCE_EXHAUSTED,
          refused.retryAfterSeconds().isPresent(),
          refused.getMessage());
    }
    LOG.error("judging failed", failure);
    return lasting(
        Status.Code.INTERNAL, "judging failed, which is an error of the service; see its log");
  }

  /** The request can't be judged as it is. */
  public static RefusedException invalid(String message) {
    return lasting(Status.Code.INVALID_ARGUMENT, message);
  }

  /** There is no such method. */
  public static RefusedException unknown(String message) {
    return lasting(Status.Code.UNIMPLEMENTED, message);
  }

  /** The request has more bytes than are read. */
  public static RefusedException tooLarge(int limit) {
    return lasting(
        Status.Code.RESOURCE_EXHAUSTED,
        "a message may have %d bytes; send fewer responses at once, or of each the part after its last </think>"
            .formatted(limit));
  }

  /** The calls at hand leave no room for this one. */
  static RefusedException busy(long capacityBytes) {
    return new RefusedException(
        Status.Code.RESOURCE_EXHAUSTED,
        true,
        "the requests at hand fill the %d bytes that are kept for them; try again soon, or send fewer at once"
            .formatted(capacityBytes));
  }

  /** The service ends, and answers only what it has begun. */
  public static RefusedException stopping() {
    return new RefusedException(
        Status.Code.UNAVAILABLE, true, "the service is stopping; call another replica");
  }

  /** The caller does not go on sending. */
  public static RefusedException stalled(Duration patience) {
    return lasting(
        Status.Code.DEADLINE_EXCEEDED,
        "the request was not complete %d s after it began; send it faster, or in smaller messages"
            .formatted(patience.toSeconds()));
  }

  /** The caller's deadline has passed. */
  public static RefusedException late(String done) {
    return lasting(
        Status.Code.DEADLINE_EXCEEDED,
        "the caller's deadline passed after %s; allow more time or send less at once"
            .formatted(done));
  }

  /** Nobody waits for the answer. */
  public static RefusedException cancelled() {
    return lasting(Status.Code.CANCELLED, "the caller left");
  }

  private static RefusedException lasting(Status.Code code, String message) {
    return new RefusedException(code, false, message);
  }

  public Status.Code code() {
    return code;
  }

  /** Whether the same request may be answered later. */
  public boolean isPassing() {
    return passing;
  }

  /** The refusal as gRPC ends a call with it. */
  public Status toStatus() {
    return Status.fromCode(code).withDescription(getMessage());
  }

  /** The refusal as streams and HTTP bodies carry it. */
  public Error toMessage() {
    return Error.newBuilder().setCode(code.name()).setMessage(getMessage()).build();
  }
}

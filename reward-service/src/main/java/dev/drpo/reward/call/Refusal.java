package dev.drpo.reward.call;

import dev.drpo.proto.reward.v1.Error;
import io.grpc.Status;
import org.jboss.logging.Logger;

/**
 * What a caller is told instead of an answer.
 *
 * @param message for a person
 */
public record Refusal(Status.Code code, String message) {
  private static final Logger LOG = Logger.getLogger(Refusal.class);

  /** The caller's fault if it is a {@link RefusedException}; else ours, which is logged. */
  public static Refusal of(Throwable failure) {
    if (failure instanceof RefusedException refused) {
      return new Refusal(refused.code(), refused.getMessage());
    }
    LOG.error("judging failed", failure);
    return new Refusal(
        Status.Code.INTERNAL, "judging failed, which is an error of the service; see its log");
  }

  /** The refusal as streams and HTTP bodies carry it. */
  public Error toMessage() {
    return Error.newBuilder().setCode(code.name()).setMessage(message).build();
  }
}

package dev.drpo.cli.run;

import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks a learner where the run stands. */
public final class LearnerStatus implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 2;

  private final ManagedChannel channel;

  /**
   * Asks one on this machine. Connects when first asked.
   *
   * @param port of its gRPC server
   */
  public LearnerStatus(int port, TlsConfig tls) {
    this("127.0.0.1:" + port, tls);
  }

  /**
   * Connects when first asked.
   *
   * @param address host:port of its gRPC server
   */
  public LearnerStatus(String address, TlsConfig tls) {
    channel = GrpcTls.channel(address, tls).build();
  }

  /** The present state; empty if the learner does not answer within two seconds. */
  public Optional<GetStatusResponse> poll() {
    try {
      return Optional.of(
          LearnerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .getStatus(GetStatusRequest.getDefaultInstance()));
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        // The last is what a learner that ends makes of a call under way.
        case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL -> {
          // A learner that comes back is asked at once, not when the channel's pauses allow.
          channel.resetConnectBackoff();
          yield Optional.empty();
        }
        default -> throw e;
      };
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

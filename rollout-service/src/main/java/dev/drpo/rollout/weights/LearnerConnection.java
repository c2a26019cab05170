package dev.drpo.rollout.weights;

import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;

/** The connection to the learner that made the newest announcement. One thread uses it. */
final class LearnerConnection implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  /** The address of a pod that is gone does not answer, not even with a refusal. */
  private static final int CONNECT_MILLIS = 3000;

  /** As often as the learner's server allows. */
  private static final int ASK_ALIVE_SECONDS = 30;

  private static final int ANSWER_ALIVE_SECONDS = 5;

  private final TlsConfig tls;
  private String address;
  private ManagedChannel channel;

  /** Connects when a stub is first asked for. */
  LearnerConnection(TlsConfig tls) {
    this.tls = tls;
  }

  /**
   * A stub for an address, on the connection that is open if it leads there.
   *
   * @throws SnapshotException if the certificate to show can't be read now
   */
  LearnerServiceGrpc.LearnerServiceBlockingStub to(String wanted) throws SnapshotException {
    if (!wanted.equals(address)) {
      close();
      channel =
          open(wanted)
              .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
              .keepAliveTime(ASK_ALIVE_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(ANSWER_ALIVE_SECONDS, TimeUnit.SECONDS)
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .build();
      address = wanted;
    }
    return LearnerServiceGrpc.newBlockingStub(channel);
  }

  private NettyChannelBuilder open(String wanted) throws SnapshotException {
    try {
      return GrpcTls.channel(wanted, tls);
    } catch (ConfigException e) {
      throw new SnapshotException(e.getMessage(), e);
    }
  }

  /** Why the learner did not answer a call. */
  String reason(StatusRuntimeException failure) {
    return GrpcTls.reason(failure, tls);
  }

  /**
   * Forgets a connection that failed: the next one looks the name up anew, and does not wait as
   * long as gRPC would after several failures.
   */
  void failed() {
    close();
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
      address = null;
    }
  }
}

package dev.drpo.rollout.weights;

import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;

/** The connection to the learner that made the newest announcement. One thread uses it. */
final class LearnerConnection implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private String address;
  private ManagedChannel channel;

  /** A stub for an address, on the connection that is open if it leads there. */
  LearnerServiceGrpc.LearnerServiceBlockingStub to(String wanted) {
    if (!wanted.equals(address)) {
      close();
      channel =
          ManagedChannelBuilder.forTarget(wanted)
              .usePlaintext()
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .build();
      address = wanted;
    }
    return LearnerServiceGrpc.newBlockingStub(channel);
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

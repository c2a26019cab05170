package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.process.FreePorts;
import dev.drpo.proto.rollout.v1.GetStatusRequest;
import dev.drpo.proto.rollout.v1.GetStatusResponse;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.runtime.config.TlsConfig;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaTokensTest {
  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(Server::shutdownNow);
  }

  @Test
  void eachReplicaIsAskedAndThoseWithoutAnAnswerAreEmpty() throws Exception {
    int drawing = serve(answer -> tokens(answer, 42));
    int loading = serve(answer -> answer.onError(Status.UNAVAILABLE.asRuntimeException()));
    int hanging = serve(answer -> {});
    int absent = new FreePorts().getAsInt();
    try (ReplicaTokens replicas =
        new ReplicaTokens(
            Map.of(
                "rollout-1", () -> drawing,
                "rollout-2", () -> loading,
                "rollout-3", () -> hanging,
                "rollout-4", () -> absent),
            TlsConfig.PLAIN)) {
      assertThat(replicas.poll())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "rollout-1", OptionalLong.of(42),
                  "rollout-2", OptionalLong.empty(),
                  "rollout-3", OptionalLong.empty(),
                  "rollout-4", OptionalLong.empty()));
    }
  }

  @Test
  void aReplicaThatIsReplacedIsAskedWhereItIsNow() throws Exception {
    AtomicInteger port = new AtomicInteger(serve(answer -> tokens(answer, 42)));
    try (ReplicaTokens replicas =
        new ReplicaTokens(Map.of("rollout-1", port::get), TlsConfig.PLAIN)) {
      assertThat(replicas.poll()).containsEntry("rollout-1", OptionalLong.of(42));
      servers.getFirst().shutdownNow().awaitTermination();
      assertThat(replicas.poll()).containsEntry("rollout-1", OptionalLong.empty());
      port.set(serve(answer -> tokens(answer, 7)));
      assertThat(replicas.poll()).containsEntry("rollout-1", OptionalLong.of(7));
    }
  }

  private static void tokens(StreamObserver<GetStatusResponse> answer, long count) {
    answer.onNext(GetStatusResponse.newBuilder().setTokens(count).build());
    answer.onCompleted();
  }

  private int serve(Consumer<StreamObserver<GetStatusResponse>> behaviour) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new RolloutServiceGrpc.RolloutServiceImplBase() {
                  @Override
                  public void getStatus(
                      GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
                    behaviour.accept(answer);
                  }
                })
            .build()
            .start();
    servers.add(server);
    return server.getPort();
  }
}

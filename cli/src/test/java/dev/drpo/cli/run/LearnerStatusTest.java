package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.process.FreePorts;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.runtime.config.TlsConfig;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LearnerStatusTest {
  @Test
  void theLearnersStateIsReadOverTheWire() throws IOException {
    GetStatusResponse state =
        GetStatusResponse.newBuilder().setRun("quickstart").setStepsDone(7).build();
    Server server =
        serve(
            new LearnerServiceGrpc.LearnerServiceImplBase() {
              @Override
              public void getStatus(
                  GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
                answer.onNext(state);
                answer.onCompleted();
              }
            });
    try (LearnerStatus status = new LearnerStatus(server.getPort(), TlsConfig.PLAIN)) {
      assertThat(status.poll()).contains(state);
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void aLearnerThatIsSilentHasNoState() throws IOException {
    Server server =
        serve(
            new LearnerServiceGrpc.LearnerServiceImplBase() {
              @Override
              public void getStatus(
                  GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
                // The caller's deadline ends the call.
              }
            });
    try (LearnerStatus status = new LearnerStatus(server.getPort(), TlsConfig.PLAIN)) {
      assertThat(status.poll()).isEmpty();
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void aLearnerThatIsNotThereHasNoState() {
    try (LearnerStatus status = new LearnerStatus(new FreePorts().getAsInt(), TlsConfig.PLAIN)) {
      assertThat(status.poll()).isEmpty();
    }
  }

  @Test
  void anotherServiceOnThePortIsAnError() throws IOException {
    Server server = NettyServerBuilder.forAddress(anyPort()).build().start();
    try (LearnerStatus status = new LearnerStatus(server.getPort(), TlsConfig.PLAIN)) {
      assertThatThrownBy(status::poll)
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNIMPLEMENTED");
    } finally {
      server.shutdownNow();
    }
  }

  private static Server serve(BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(anyPort()).addService(service).build().start();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}

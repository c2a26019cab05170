package dev.drpo.rollout.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TlsConfig.ClientCertificate;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner that gives weights to nobody without a certificate. */
class LearnerConnectionTest {
  private static final ByteString WEIGHTS = ByteString.copyFromUtf8("weights");

  private final TestAuthority authority = new TestAuthority("ours");
  @TempDir Path folder;
  private String trusted;
  private Server learner;

  @BeforeEach
  void start() throws IOException {
    trusted = authority.trusted(folder.resolve("ca.crt")).toString();
    learner =
        NettyServerBuilder.forPort(0)
            .sslContext(
                GrpcTls.server(
                    shows(authority.issue(folder, "learner"), ClientCertificate.REQUIRED)))
            .addService(
                new LearnerServiceGrpc.LearnerServiceImplBase() {
                  @Override
                  public void fetchWeights(
                      FetchWeightsRequest request, StreamObserver<WeightChunk> chunks) {
                    chunks.onNext(WeightChunk.newBuilder().setData(WEIGHTS).build());
                    chunks.onCompleted();
                  }
                })
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    learner.shutdownNow();
  }

  @Test
  void aReplicaWithACertificateGetsWeights() throws Exception {
    try (LearnerConnection connection =
        new LearnerConnection(shows(authority.issue(folder, "rollout"), ClientCertificate.NONE))) {
      assertThat(fetch(connection)).isEqualTo(WEIGHTS);
    }
  }

  @Test
  void aReplicaWithoutOneGetsNoneAndIsToldWhatItLacks() {
    try (LearnerConnection connection =
        new LearnerConnection(new TlsConfig("", "", trusted, ClientCertificate.NONE))) {
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> fetch(connection));
      assertThat(connection.reason(refused))
          .contains("it is shown no certificate: if it asks for one, set tls.certificate");
    }
  }

  @Test
  void aCertificateThatIsReplacedIsShownFromTheNextConnectionOn() throws Exception {
    Issued late = authority.issueExpired(folder, "rollout");
    try (LearnerConnection connection =
        new LearnerConnection(shows(late, ClientCertificate.NONE))) {
      assertThatThrownBy(() -> fetch(connection)).isInstanceOf(StatusRuntimeException.class);
      connection.failed();
      authority.issue(folder, "rollout");
      assertThat(fetch(connection)).isEqualTo(WEIGHTS);
    }
  }

  @Test
  void aCertificateThatCannotBeReadIsAFailureOfThisTime() throws IOException {
    Issued issued = authority.issue(folder, "rollout");
    Files.delete(issued.key());
    try (LearnerConnection connection =
        new LearnerConnection(shows(issued, ClientCertificate.NONE))) {
      assertThatThrownBy(() -> fetch(connection))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("tls.key");
    }
  }

  private TlsConfig shows(Issued issued, ClientCertificate asked) {
    return new TlsConfig(issued.certificate().toString(), issued.key().toString(), trusted, asked);
  }

  private ByteString fetch(LearnerConnection connection) throws SnapshotException {
    return connection
        .to("localhost:" + learner.getPort())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .fetchWeights(FetchWeightsRequest.getDefaultInstance())
        .next()
        .getData();
  }
}

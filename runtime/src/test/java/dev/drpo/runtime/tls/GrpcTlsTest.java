package dev.drpo.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TlsConfig.ClientCertificate;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import io.grpc.Attributes;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcTlsTest {
  private static final TestAuthority OURS = new TestAuthority("ours");

  /** Called as ours is: a client keeps back what no authority has issued that it hears named. */
  private static final TestAuthority FOREIGN = new TestAuthority("ours");

  @TempDir Path folder;
  private String trusted;
  private Server server;
  private volatile Certificate shown;

  @BeforeEach
  void trust() throws IOException {
    trusted = OURS.trusted(folder.resolve("ca.crt")).toString();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.shutdownNow();
    }
  }

  @Test
  void whoShowsACertificateOfATrustedAuthorityIsAnswered() throws IOException {
    serve(ClientCertificate.REQUIRED);
    assertThat(call(shows(OURS.issue(folder, "client"))).getRun()).isEqualTo("served");
  }

  @Test
  void whoShowsNoneIsToldWhichKeyGivesIt() throws IOException {
    serve(ClientCertificate.REQUIRED);
    assertRefused(
        new TlsConfig("", "", trusted, ClientCertificate.NONE),
        "if it asks for one, set tls.certificate");
  }

  @Test
  void whoShowsAForeignOneIsRefused() throws IOException {
    serve(ClientCertificate.REQUIRED);
    assertRefused(shows(FOREIGN.issue(folder, "stranger")), "UNAVAILABLE");
  }

  @Test
  void whoShowsOneThatHasRunOutIsRefused() throws IOException {
    serve(ClientCertificate.REQUIRED);
    assertRefused(shows(OURS.issueExpired(folder, "late")), "UNAVAILABLE");
  }

  @Test
  void whoSpeaksNoTlsIsToldWhichKeyTurnsItOn() throws IOException {
    serve(ClientCertificate.NONE);
    assertRefused(TlsConfig.PLAIN, "if it speaks TLS, set tls.trusted");
  }

  @Test
  void aServerThatAsksForNothingAnswersWhoTrustsIt() throws IOException {
    serve(ClientCertificate.NONE);
    assertThat(call(new TlsConfig("", "", trusted, ClientCertificate.NONE)).getRun())
        .isEqualTo("served");
  }

  @Test
  void aServerOfAForeignAuthorityIsNotBelieved() throws IOException {
    serve(ClientCertificate.NONE);
    String other = new TestAuthority("other").trusted(folder.resolve("other.crt")).toString();
    assertRefused(new TlsConfig("", "", other, ClientCertificate.NONE), "path");
  }

  @Test
  void aChannelThatConnectsAgainShowsWhatTheFilesHoldThen() throws IOException {
    serve(ClientCertificate.REQUIRED);
    Issued issued = OURS.issue(folder, "client");
    ManagedChannel channel =
        GrpcTls.channel("localhost:" + server.getPort(), shows(issued)).build();
    try {
      call(channel);
      Certificate first = shown;

      Files.writeString(issued.key(), "none");
      channel.enterIdle();
      call(channel);
      assertThat(shown).as("while the files can't be used").isEqualTo(first);

      OURS.issue(folder, "client");
      call(channel);
      assertThat(shown).as("on the connection that is open").isEqualTo(first);
      channel.enterIdle();
      call(channel);
      assertThat(shown).as("on the next connection").isNotEqualTo(first);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aFileThatHoldsNoKeyIsRefusedByTheKeysOfTheConfiguration() throws IOException {
    Issued issued = OURS.issue(folder, "client");
    Files.writeString(issued.key(), "none");
    assertThatThrownBy(() -> GrpcTls.channel("localhost:1", shows(issued)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.key")
        .hasMessageContaining("PKCS #8");
    assertThatThrownBy(() -> GrpcTls.server(shows(issued))).isInstanceOf(ConfigException.class);
  }

  @Test
  void aLearnerThatIsAwayIsNoMatterOfCertificates() {
    StatusRuntimeException away =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> call("localhost:1", TlsConfig.PLAIN));
    assertThat(GrpcTls.reason(away, TlsConfig.PLAIN))
        .contains("UNAVAILABLE", "refused")
        .doesNotContain("tls.");
  }

  private TlsConfig shows(Issued issued) {
    return new TlsConfig(
        issued.certificate().toString(), issued.key().toString(), trusted, ClientCertificate.NONE);
  }

  private void serve(ClientCertificate asked) throws IOException {
    Issued own = OURS.issue(folder, "server");
    server =
        NettyServerBuilder.forPort(0)
            .sslContext(
                GrpcTls.server(
                    new TlsConfig(
                        own.certificate().toString(), own.key().toString(), trusted, asked)))
            .addTransportFilter(new Watch())
            .addService(
                new LearnerServiceGrpc.LearnerServiceImplBase() {
                  @Override
                  public void getStatus(
                      GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
                    answer.onNext(GetStatusResponse.newBuilder().setRun("served").build());
                    answer.onCompleted();
                  }
                })
            .build()
            .start();
  }

  private void assertRefused(TlsConfig tls, String reason) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> call(tls));
    assertThat(GrpcTls.reason(refused, tls)).contains(reason);
  }

  /** Notes what each connection shows. */
  private final class Watch extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes connection) {
      try {
        Certificate[] chain = connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getPeerCertificates();
        shown = chain[0];
      } catch (SSLPeerUnverifiedException e) {
        shown = null;
      }
      return connection;
    }
  }

  private GetStatusResponse call(TlsConfig tls) {
    return call("localhost:" + server.getPort(), tls);
  }

  private static GetStatusResponse call(String address, TlsConfig tls) {
    ManagedChannel channel = GrpcTls.channel(address, tls).build();
    try {
      return call(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static GetStatusResponse call(Channel channel) {
    return LearnerServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .getStatus(GetStatusRequest.getDefaultInstance());
  }
}

package dev.drpo.reward.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.RewardMeters;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TlsConfig.ClientCertificate;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The remote judge against real servers. */
class RemoteFunctionTest {
  private static final Submission SUBMISSION =
      new Submission("</think> 1", List.of("1"), FinishReason.FINISH_REASON_LENGTH, Map.of());

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Server server;
  private RemoteFunction function;

  @AfterEach
  void stop() {
    if (function != null) {
      function.close();
    }
    if (server != null) {
      server.shutdownNow();
    }
  }

  @Test
  void theVerdictOfTheServerIsTakenAsItIs() throws Exception {
    CompletableFuture<EvaluateRequest> asked = new CompletableFuture<>();
    Verdict verdict =
        Verdict.newBuilder().setOutcome(Outcome.OUTCOME_EQUAL).setReward(0.75).build();
    serve(
        (request, out) -> {
          asked.complete(request);
          out.onNext(EvaluateResponse.newBuilder().setVerdict(verdict).build());
          out.onCompleted();
        });

    assertThat(function.verdict(SUBMISSION)).isEqualTo(verdict);
    assertThat(function.value(SUBMISSION)).isEqualTo(0.75);
    assertThat(asked.join().getResponse()).isEqualTo("</think> 1");
    assertThat(asked.join().getGoldsList()).containsExactly("1");
    assertThat(asked.join().getFinishReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);
    assertThat(asked.join().getConventionsMap())
        .containsExactlyInAnyOrderEntriesOf(Map.of("percent", "typed", "require-think", "true"));
    assertThat(
            registry
                .get("drpo.reward.verdicts")
                .tags("outcome", "EQUAL", "rule", "remote")
                .counter()
                .count())
        .isEqualTo(2);
    assertThat(registry.get("drpo.reward.truncated").counter().count()).isEqualTo(2);
  }

  @Test
  void aServerThatIsAwayIsWaitedFor() throws Exception {
    serve((request, out) -> out.onCompleted());
    server.shutdownNow().awaitTermination();
    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(RewardUnavailableException.class)
        .hasMessageContaining("change reward.remote-address");
  }

  @Test
  void aServerThatIsOverloadedIsWaitedFor() throws Exception {
    serve((request, out) -> out.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException()));
    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(RewardUnavailableException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED");
  }

  @Test
  void everyOtherFailureIsAnExceptionAndNeverAZero() throws Exception {
    serve(
        (request, out) ->
            out.onError(Status.INVALID_ARGUMENT.withDescription("no").asRuntimeException()));
    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void aVerdictWithoutAnOutcomeIsAFailure() throws Exception {
    serve(
        (request, out) -> {
          out.onNext(EvaluateResponse.getDefaultInstance());
          out.onCompleted();
        });
    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without an outcome");
  }

  @Test
  void aServerThatTakesTooLongIsAFailure() throws Exception {
    serve((request, out) -> {});
    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("DEADLINE_EXCEEDED");
  }

  @Test
  void aCertificateThatIsReplacedIsShownWhenTheServerIsConnectedToAgain(@TempDir Path folder)
      throws Exception {
    TestAuthority authority = new TestAuthority("ours");
    authority.trusted(folder.resolve("ca.crt"));
    authority.issue(folder, "judge");
    Issued own = authority.issueExpired(folder, "reward");
    BlockingQueue<Certificate> shown = new LinkedBlockingQueue<>();
    server = secured(folder, 0, shown);
    int port = server.getPort();
    function =
        function(
            port,
            Map.of(
                "tls.certificate", own.certificate().toString(),
                "tls.key", own.key().toString(),
                "tls.trusted", folder.resolve("ca.crt").toString(),
                "reward.remote-deadline-millis", "60000"));

    assertThatThrownBy(() -> function.verdict(SUBMISSION))
        .isInstanceOf(RewardUnavailableException.class);
    authority.issue(folder, "reward");
    Certificate first = judgedBy(shown);

    server.shutdownNow().awaitTermination();
    authority.issue(folder, "reward");
    server = secured(folder, port, shown);
    assertThat(judgedBy(shown)).isNotEqualTo(first);
  }

  /** What is shown to the server that judges, once it does. */
  private Certificate judgedBy(BlockingQueue<Certificate> shown) throws InterruptedException {
    Await.until(
        "the server judges",
        () -> {
          try {
            return function.verdict(SUBMISSION).getOutcome() == Outcome.OUTCOME_EQUAL;
          } catch (RewardUnavailableException notYet) {
            return false;
          }
        });
    return shown.take();
  }

  /** A server that lets nobody in without a certificate. */
  private static Server secured(Path folder, int port, BlockingQueue<Certificate> shown)
      throws IOException {
    return NettyServerBuilder.forPort(port)
        .sslContext(
            GrpcTls.server(
                new TlsConfig(
                    folder.resolve("judge.crt").toString(),
                    folder.resolve("judge.key").toString(),
                    folder.resolve("ca.crt").toString(),
                    ClientCertificate.REQUIRED)))
        .addTransportFilter(new Watch(shown))
        .addService(
            judge(
                (request, out) -> {
                  out.onNext(
                      EvaluateResponse.newBuilder()
                          .setVerdict(Verdict.newBuilder().setOutcome(Outcome.OUTCOME_EQUAL))
                          .build());
                  out.onCompleted();
                }))
        .build()
        .start();
  }

  /** Notes what each connection shows. */
  private static final class Watch extends ServerTransportFilter {
    private final BlockingQueue<Certificate> shown;

    Watch(BlockingQueue<Certificate> shown) {
      this.shown = shown;
    }

    @Override
    public Attributes transportReady(Attributes connection) {
      try {
        shown.add(connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION).getPeerCertificates()[0]);
      } catch (SSLPeerUnverifiedException e) {
        throw new IllegalStateException(e);
      }
      return connection;
    }
  }

  private void serve(BiConsumer<EvaluateRequest, StreamObserver<EvaluateResponse>> answer)
      throws IOException {
    server = ServerBuilder.forPort(0).addService(judge(answer)).build().start();
    function = function(server.getPort(), Map.of("reward.remote-deadline-millis", "2000"));
  }

  private static BindableService judge(
      BiConsumer<EvaluateRequest, StreamObserver<EvaluateResponse>> answer) {
    return new RewardServiceGrpc.RewardServiceImplBase() {
      @Override
      public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> out) {
        answer.accept(request, out);
      }
    };
  }

  private RemoteFunction function(int port, Map<String, String> more) {
    Map<String, String> overrides = new HashMap<>(more);
    overrides.put("reward.functions", "remote:1");
    overrides.put("reward.conventions", "percent:typed");
    overrides.put("reward.remote-address", "localhost:" + port);
    return new RemoteFunction(
        ConfigLoader.load(null, Map.of(), overrides), new RewardMeters(registry));
  }
}

package dev.drpo.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TlsConfig.ClientCertificate;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TCPSSLOptions;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A service that lets nobody in without a certificate, and judges for nobody without a token. */
@QuarkusTest
@QuarkusTestResource(value = SecuredResource.class, restrictToAnnotatedClass = true)
class SecuredServiceTest {
  private static final String RIGHT = "{\"answer\": \"1\", \"golds\": [\"1\"]}";
  private static final EvaluateRequest REQUEST =
      EvaluateRequest.newBuilder().setAnswer("1").addGolds("1").build();
  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

  @Inject GrpcServer grpc;
  @Inject HttpServer http;
  @Inject Vertx vertx;

  @Inject RunConfig configuration;

  private record Answer(int status, Optional<String> retryAfter, String body) {}

  @Test
  void whoIsKnownIsAnsweredOnEveryPort() throws Exception {
    TlsConfig known = known();
    assertThat(evaluate(known, "grpc", REQUEST)).isEqualTo(Outcome.OUTCOME_EQUAL);
    Answer answer = post(known, "http", RIGHT);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("OUTCOME_EQUAL");
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneOrOneThatHasRunOutIsRefusedOnEveryPort()
      throws IOException {
    TestAuthority foreign = new TestAuthority("foreign");
    for (TlsConfig stranger :
        List.of(
            new TlsConfig("", "", known().trusted(), ClientCertificate.NONE),
            shows(foreign.issue(folder(), "foreign")),
            shows(SecuredResource.OURS.issueExpired(folder(), "late")),
            TlsConfig.PLAIN)) {
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class, () -> evaluate(stranger, "grpc", REQUEST))
                  .getStatus()
                  .getCode())
          .as("gRPC, %s", stranger)
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThatThrownBy(() -> post(stranger, "http", RIGHT))
          .as("HTTPS, %s", stranger)
          .isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void thePlainPortServesHealthAndMetricsAlone() throws Exception {
    Web plain = new Web(URI.create("http://localhost:" + http.getPort()));
    assertThat(plain.get("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(plain.get("/q/health").statusCode()).isIn(200, 503);
    assertThat(plain.get("/q/metrics").body()).contains("drpo_reward");
    for (String path : List.of("/v1/evaluate", "/q/health/../../v1/evaluate", "/q/healthy", "/")) {
      var refusal = plain.post(path, RIGHT.getBytes(UTF_8), "Content-Type", "application/json");
      assertThat(refusal.statusCode()).as(path).isEqualTo(403);
      assertThat(refusal.body()).contains("HTTPS");
    }
  }

  @Test
  void certificatesThatAreReplacedAreShownOnNewConnections() throws Exception {
    X509Certificate before = shown(grpc.getPort());
    assertThat(shown(http.getSecurePort())).isEqualTo(before);
    SecuredResource.OURS.issue(folder(), SecuredResource.OWN);
    Await.until("gRPC shows the new one", () -> showsAnother(grpc.getPort(), before));
    Await.until("HTTPS shows the new one", () -> showsAnother(http.getSecurePort(), before));
    assertThat(shown(http.getSecurePort())).isEqualTo(shown(grpc.getPort()));
  }

  @Test
  void withoutATokenNothingIsJudgedAndHealthIsTold() throws Exception {
    assertThat(refusal(null, REQUEST).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal("nobody", REQUEST).getStatus().getDescription())
        .contains("Authorization: Bearer TOKEN");
    Answer answer = post(known(), "nobody", RIGHT);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("UNAUTHENTICATED", "the token is not known");
    ManagedChannel channel = GrpcTls.channel("localhost:" + grpc.getPort(), known()).build();
    try {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToAskAgain() throws Exception {
    assertThat(evaluate(known(), "hasty-grpc", REQUEST)).isEqualTo(Outcome.OUTCOME_EQUAL);
    StatusRuntimeException refused = refusal("hasty-grpc", REQUEST);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Integer.parseInt(refused.getTrailers().get(RETRY_AFTER))).isBetween(1, 100);
    assertThat(post(known(), "hasty-http", RIGHT).status()).isEqualTo(200);
    Answer answer = post(known(), "hasty-http", RIGHT);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.retryAfter().orElseThrow())).isBetween(1, 100);
    assertThat(answer.body()).contains("RESOURCE_EXHAUSTED", "hasty-http sends more than 0.01");
  }

  @Test
  void whoSendsTooMuchIsRefused() throws Exception {
    String long1 = "1".repeat(2000);
    StatusRuntimeException refused =
        refusal("large-grpc", REQUEST.toBuilder().setRequestId(long1).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("a request may have 1000 bytes");
    Answer answer = post(known(), "large-http", RIGHT.replace("1", long1));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("a request may have 1000 bytes");
  }

  private Path folder() {
    return Path.of(configuration.tls().trusted()).getParent();
  }

  private TlsConfig known() throws IOException {
    return shows(SecuredResource.OURS.issue(folder(), "known"));
  }

  private TlsConfig shows(Issued issued) {
    return SecuredResource.shows(folder(), issued, ClientCertificate.NONE);
  }

  private StatusRuntimeException refusal(String caller, EvaluateRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> evaluate(known(), caller, request));
  }

  private Outcome evaluate(TlsConfig tls, String caller, EvaluateRequest request) {
    ManagedChannel channel = GrpcTls.channel("localhost:" + grpc.getPort(), tls).build();
    Metadata headers = new Metadata();
    if (caller != null) {
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          "Bearer " + SecuredResource.token(caller));
    }
    try {
      return RewardServiceGrpc.newBlockingStub(channel)
          .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .evaluate(request)
          .getVerdict()
          .getOutcome();
    } finally {
      channel.shutdownNow();
    }
  }

  private Answer post(TlsConfig tls, String caller, String body) throws Exception {
    HttpClientOptions options = new HttpClientOptions();
    if (tls.calls()) {
      secure(options, tls);
    }
    var client = vertx.createHttpClient(options);
    try {
      return client
          .request(HttpMethod.POST, http.getSecurePort(), "localhost", "/v1/evaluate")
          .compose(
              request ->
                  request
                      .putHeader("Content-Type", "application/json")
                      .putHeader("Authorization", "Bearer " + SecuredResource.token(caller))
                      .send(Buffer.buffer(body)))
          .compose(
              response ->
                  response
                      .body()
                      .map(
                          text ->
                              new Answer(
                                  response.statusCode(),
                                  Optional.ofNullable(response.getHeader("Retry-After")),
                                  text.toString())))
          .toCompletionStage()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    } finally {
      client.close();
    }
  }

  private boolean showsAnother(int port, X509Certificate before) throws Exception {
    try {
      return !shown(port).equals(before);
    } catch (ExecutionException betweenCertificateAndKey) {
      return false;
    }
  }

  /** What a port shows to a new connection. */
  private X509Certificate shown(int port) throws Exception {
    NetClientOptions options = new NetClientOptions();
    secure(options, known());
    options.setHostnameVerificationAlgorithm("HTTPS");
    options.setUseAlpn(true).setApplicationLayerProtocols(List.of("h2"));
    var client = vertx.createNetClient(options);
    try {
      return (X509Certificate)
          client
              .connect(port, "localhost")
              .toCompletionStage()
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS)
              .peerCertificates()
              .getFirst();
    } finally {
      client.close();
    }
  }

  private static void secure(TCPSSLOptions options, TlsConfig tls) {
    options.setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(tls.trusted()));
    if (tls.shows()) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertPath(tls.certificate()).addKeyPath(tls.key()));
    }
  }
}

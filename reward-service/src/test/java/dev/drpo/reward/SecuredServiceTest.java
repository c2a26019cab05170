package dev.drpo.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.SecuredCaller;
import dev.drpo.testkit.SecuredFiles;
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
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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

  @ConfigProperty(name = SecuredFiles.FOLDER)
  Optional<Path> folder;

  @Test
  void whoIsKnownIsAnsweredOnEveryPort() throws Exception {
    SecuredCaller known = files().known();
    assertThat(evaluate(known, "grpc", REQUEST)).isEqualTo(Outcome.OUTCOME_EQUAL);
    HttpResponse<String> answer = post(known, "http", RIGHT);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("OUTCOME_EQUAL");
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneOrOneThatHasRunOutIsRefusedOnEveryPort() {
    for (SecuredCaller stranger : files().strangers()) {
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class, () -> evaluate(stranger, "grpc", REQUEST))
                  .getStatus()
                  .getCode())
          .as("gRPC, %s", stranger.name())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThatThrownBy(() -> post(stranger, "http", RIGHT))
          .as("HTTPS, %s", stranger.name())
          .isInstanceOf(IOException.class);
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
    SecuredCaller known = files().known();
    Certificate before = known.shownBy(grpc.getPort());
    assertThat(known.shownBy(http.getSecurePort())).isEqualTo(before);
    files().renew();
    Await.until("gRPC shows the new one", () -> showsAnother(grpc.getPort(), before));
    Await.until("HTTPS shows the new one", () -> showsAnother(http.getSecurePort(), before));
    assertThat(known.shownBy(http.getSecurePort())).isEqualTo(known.shownBy(grpc.getPort()));
  }

  @Test
  void withoutATokenNothingIsJudgedAndHealthIsTold() throws Exception {
    assertThat(refusal(null, REQUEST).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal("nobody", REQUEST).getStatus().getDescription())
        .contains("Authorization: Bearer TOKEN");
    HttpResponse<String> answer = post(files().known(), "nobody", RIGHT);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("UNAUTHENTICATED", "the token is not known");
    ManagedChannel channel = channel(files().known());
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
    assertThat(evaluate(files().known(), "hasty-grpc", REQUEST)).isEqualTo(Outcome.OUTCOME_EQUAL);
    StatusRuntimeException refused = refusal("hasty-grpc", REQUEST);
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(Integer.parseInt(refused.getTrailers().get(RETRY_AFTER))).isBetween(1, 100);
    assertThat(post(files().known(), "hasty-http", RIGHT).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = post(files().known(), "hasty-http", RIGHT);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1, 100);
    assertThat(answer.body()).contains("RESOURCE_EXHAUSTED", "hasty-http sends more than 0.01");
  }

  @Test
  void whoSendsTooMuchIsRefused() throws Exception {
    String long1 = "1".repeat(2000);
    StatusRuntimeException refused =
        refusal("large-grpc", REQUEST.toBuilder().setRequestId(long1).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("a request may have 1000 bytes");
    HttpResponse<String> answer = post(files().known(), "large-http", RIGHT.replace("1", long1));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("a request may have 1000 bytes");
  }

  private SecuredFiles files() {
    return new SecuredFiles(folder.orElseThrow());
  }

  private StatusRuntimeException refusal(String caller, EvaluateRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> evaluate(files().known(), caller, request));
  }

  private ManagedChannel channel(SecuredCaller shown) {
    return GrpcTls.channel(
            "localhost:" + grpc.getPort(),
            ConfigLoader.load(null, Map.of(), shown.settings()).tls())
        .build();
  }

  private Outcome evaluate(SecuredCaller shown, String caller, EvaluateRequest request) {
    ManagedChannel channel = channel(shown);
    Metadata headers = new Metadata();
    if (caller != null) {
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
          SecuredFiles.bearer(caller));
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

  private HttpResponse<String> post(SecuredCaller shown, String caller, String body)
      throws IOException, InterruptedException {
    return shown.send(
        shown
            .request(http.getSecurePort(), "/v1/evaluate")
            .header("Content-Type", "application/json")
            .header("Authorization", SecuredFiles.bearer(caller))
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private boolean showsAnother(int port, Certificate before) {
    try {
      return !files().known().shownBy(port).equals(before);
    } catch (IOException betweenCertificateAndKey) {
      return false;
    }
  }
}

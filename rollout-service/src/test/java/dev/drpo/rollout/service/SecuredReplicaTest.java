package dev.drpo.rollout.service;

import static dev.drpo.rollout.service.OpenAiCaller.CHAT;
import static dev.drpo.rollout.service.OpenAiCaller.COMPLETIONS;
import static dev.drpo.rollout.service.OpenAiCaller.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.rollout.v1.GenerateRequest;
import dev.drpo.proto.rollout.v1.GenerateResponse;
import dev.drpo.proto.rollout.v1.GetStatusRequest;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.SecuredCaller;
import dev.drpo.testkit.SecuredFiles;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that lets nobody in without a certificate, and samples for nobody without a token. */
@QuarkusTest
@QuarkusTestResource(value = SecuredReplicaResource.class, restrictToAnnotatedClass = true)
class SecuredReplicaTest {
  private static final GenerateRequest REQUEST =
      GenerateRequest.newBuilder()
          .setText("w1")
          .setSampling(
              SamplingParameters.newBuilder()
                  .setTemperature(1)
                  .setTopP(1)
                  .setGroupSize(1)
                  .setMaxResponseTokens(5)
                  .setSeed(3))
          .build();
  private static final String BODY =
      "{\"model\": \"service-test\", \"prompt\": \"w1\", \"max_tokens\": 5}";
  private static final String LONG = "w1 ".repeat(700);
  private static final String LARGE = BODY.replace("w1", LONG);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of("retry-after", Metadata.ASCII_STRING_MARSHALLER);

  @Inject GrpcServer grpc;
  @Inject HttpServer http;

  @ConfigProperty(name = SecuredFiles.FOLDER)
  Optional<Path> folder;

  private SecuredFiles files;
  private SecuredCaller known;
  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    files = new SecuredFiles(folder.orElseThrow());
    known = files.known();
    channel = channel(known);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void whoIsKnownIsAnsweredOnEveryPort() throws Exception {
    assertThat(generate(channel, "grpc", REQUEST)).hasSize(1);
    HttpResponse<String> answer = complete("http", BODY);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"object\":\"text_completion\"");
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneOrOneThatHasRunOutIsRefusedOnEveryPort() {
    for (SecuredCaller stranger : files.strangers()) {
      ManagedChannel refused = channel(stranger);
      try {
        assertThat(refusal(() -> generate(refused, "grpc", REQUEST)).getStatus().getCode())
            .as("Generate, %s", stranger.name())
            .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refusal(() -> status(refused)).getStatus().getCode())
            .as("GetStatus, %s", stranger.name())
            .isEqualTo(Status.Code.UNAVAILABLE);
      } finally {
        refused.shutdownNow();
      }
      assertThatThrownBy(
              () ->
                  stranger.send(
                      stranger
                          .request(http.getSecurePort(), COMPLETIONS)
                          .header("Content-Type", "application/json")
                          .header("Authorization", SecuredFiles.bearer("http"))
                          .POST(BodyPublishers.ofString(BODY))
                          .build()))
          .as("HTTPS, %s", stranger.name())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void thePlainPortServesHealthAndMetricsAlone() {
    OpenAiCaller plain = new OpenAiCaller(URI.create("http://localhost:" + http.getPort()));
    assertThat(plain.get("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(plain.get("/q/health").statusCode()).isIn(200, 503);
    assertThat(plain.get("/q/metrics").body()).contains("drpo_rollout");
    for (String path :
        List.of(COMPLETIONS, CHAT, "/v1/models", "/q/health/../../v1/completions", "/pause", "/")) {
      HttpResponse<String> refused = plain.post(path, BODY);
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(refused.body()).contains("HTTPS");
    }
  }

  @Test
  void withoutATokenNothingIsSampledOverGrpcAndTheStatusIsTold() {
    for (String caller : new String[] {null, "nobody"}) {
      Status refused = refusal(() -> generate(channel, caller, REQUEST)).getStatus();
      assertThat(refused.getCode()).as(caller).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused.getDescription()).contains("Authorization: Bearer TOKEN");
    }
    status(channel);
  }

  @Test
  void withoutATokenNothingIsAnsweredBelowV1() throws Exception {
    for (String path : List.of(COMPLETIONS, CHAT, "/v1/models", "/v1/models/service-test")) {
      HttpRequest.Builder request = known.request(http.getSecurePort(), path);
      if (!path.startsWith("/v1/models")) {
        request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(BODY));
      }
      assertUnknown(request.build(), "there is no token");
      assertUnknown(
          request.copy().header("Authorization", SecuredFiles.bearer("nobody")).build(),
          "the token is not known");
      assertUnknown(
          request
              .copy()
              .header("Authorization", SecuredFiles.bearer("http").replace("Bearer", "Basic"))
              .build(),
          "the token is not known");
    }
  }

  @Test
  void whoAsksTooOftenOverGrpcIsToldWhenToAskAgain() {
    assertThat(generate(channel, "hasty-grpc", REQUEST)).hasSize(1);
    // The first may count as under way for a moment after its caller has heard its end.
    Await.until(
        "the second is too soon",
        () -> {
          StatusRuntimeException refused = refusal(() -> generate(channel, "hasty-grpc", REQUEST));
          assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
          assertThat(Integer.parseInt(refused.getTrailers().get(RETRY_AFTER))).isBetween(1, 100);
          return refused.getStatus().getDescription().contains("hasty-grpc sends more than 0.01");
        });
  }

  @Test
  void whoAsksTooOftenOverHttpIsToldWhenToAskAgain() throws Exception {
    assertThat(complete("hasty-http", BODY).statusCode()).isEqualTo(200);
    Await.until(
        "the second is too soon",
        () -> {
          HttpResponse<String> refused = complete("hasty-http", BODY);
          assertThat(refused.statusCode()).isEqualTo(429);
          assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
              .isBetween(1, 100);
          return refused.body().contains("hasty-http sends more than 0.01");
        });
  }

  @Test
  void whoSendsTooMuchIsRefused() throws Exception {
    Status refused =
        refusal(() -> generate(channel, "large-grpc", REQUEST.toBuilder().setText(LONG).build()))
            .getStatus();
    assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getDescription()).contains("a request may have 1000 bytes");
    HttpResponse<String> answer = complete("large-http", LARGE);
    assertError(answer, 413, null, null, "a request may have 1000 bytes");
  }

  @Test
  void whoHasACallUnderWayOverGrpcWaitsForItsEnd() {
    AtomicReference<Begun> underWay = new AtomicReference<>(Begun.on(channel));
    Await.until(
        "a call has begun",
        () -> {
          if (underWay.get().end().isDone()) {
            // It came while another was asking.
            underWay.set(Begun.on(channel));
          }
          return isTold("busy-grpc", "1 requests under way");
        });
    underWay.get().call().cancel("the test has seen enough", null);
    Await.until("the call has ended", () -> !isTold("busy-grpc", "1 requests under way"));
  }

  /** A call of which nothing follows its beginning. */
  private record Begun(
      ClientCall<GenerateRequest, GenerateResponse> call, CompletableFuture<Status> end) {
    static Begun on(ManagedChannel channel) {
      Begun begun =
          new Begun(
              channel.newCall(RolloutServiceGrpc.getGenerateMethod(), CallOptions.DEFAULT),
              new CompletableFuture<>());
      begun.call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              begun.end.complete(status);
            }
          },
          headers("busy-grpc"));
      return begun;
    }
  }

  @Test
  void whoHasARequestUnderWayOverHttpWaitsForItsEnd() throws Exception {
    HttpRequest unfinished = completion("busy-http", BodyPublishers.fromPublisher(new Unsent()));
    try (HttpClient client = known.client()) {
      var underWay = new AtomicReference<>(client.sendAsync(unfinished, BodyHandlers.ofString()));
      Await.until(
          "a request has begun",
          () -> {
            if (underWay.get().isDone()) {
              underWay.set(client.sendAsync(unfinished, BodyHandlers.ofString()));
            }
            // Refused in either case, so that it does not count as the one that is allowed.
            return complete("busy-http", LARGE).body().contains("1 requests under way");
          });
      client.shutdownNow();
    }
    Await.until(
        "the request has ended",
        () -> !complete("busy-http", BODY).body().contains("1 requests under way"));
  }

  /** A body of which nothing is sent. */
  private record Unsent() implements Flow.Publisher<ByteBuffer> {
    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> reader) {
      reader.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long buffers) {}

            @Override
            public void cancel() {}
          });
    }
  }

  private ManagedChannel channel(SecuredCaller shown) {
    return GrpcTls.channel(
            "localhost:" + grpc.getPort(),
            ConfigLoader.load(null, Map.of(), shown.settings()).tls())
        .build();
  }

  private static Metadata headers(String caller) {
    Metadata headers = new Metadata();
    if (caller != null) {
      headers.put(AUTHORIZATION, SecuredFiles.bearer(caller));
    }
    return headers;
  }

  private static List<GenerateResponse> generate(
      ManagedChannel channel, String caller, GenerateRequest request) {
    return ImmutableList.copyOf(
        RolloutServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(caller)))
            .withDeadlineAfter(1, TimeUnit.MINUTES)
            .generate(request));
  }

  private static void status(ManagedChannel channel) {
    var _ =
        RolloutServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(1, TimeUnit.MINUTES)
            .getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static StatusRuntimeException refusal(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private boolean isTold(String caller, String reason) {
    try {
      return generate(channel, caller, REQUEST).isEmpty();
    } catch (StatusRuntimeException e) {
      return e.getStatus().getDescription().contains(reason);
    }
  }

  private HttpResponse<String> complete(String caller, String body)
      throws IOException, InterruptedException {
    return known.send(completion(caller, BodyPublishers.ofString(body)));
  }

  private HttpRequest completion(String caller, HttpRequest.BodyPublisher body) {
    return known
        .request(http.getSecurePort(), COMPLETIONS)
        .header("Content-Type", "application/json")
        .header("Authorization", SecuredFiles.bearer(caller))
        .POST(body)
        .build();
  }

  private void assertUnknown(HttpRequest request, String reason) throws Exception {
    HttpResponse<String> refused = known.send(request);
    assertError(refused, 401, null, "invalid_api_key", reason);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
  }
}

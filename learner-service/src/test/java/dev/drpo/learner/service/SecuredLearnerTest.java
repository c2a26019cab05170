package dev.drpo.learner.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drpo.learner.RunFiles;
import dev.drpo.proto.externalscaler.ExternalScalerGrpc;
import dev.drpo.proto.externalscaler.ScaledObjectRef;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.SecuredCaller;
import dev.drpo.testkit.SecuredFiles;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A learner that gives its weights to nobody without a certificate, nor anything else. */
@QuarkusTest
@QuarkusTestResource(value = SecuredRunResource.class, restrictToAnnotatedClass = true)
class SecuredLearnerTest {
  private static final String PAGE = "/dashboard/";

  @Inject GrpcServer grpc;
  @Inject HttpServer http;
  @Inject RunConfig configuration;

  @ConfigProperty(name = SecuredFiles.FOLDER)
  Optional<Path> folder;

  /** What the learner is asked over gRPC. */
  private enum Question {
    STATUS {
      @Override
      void ask(Channel channel) {
        var _ = stub(channel).getStatus(GetStatusRequest.getDefaultInstance());
      }
    },
    WEIGHTS {
      @Override
      void ask(Channel channel) {
        stub(channel)
            .fetchWeights(FetchWeightsRequest.getDefaultInstance())
            .forEachRemaining(_ -> {});
      }
    },
    WAITING_PROMPTS {
      @Override
      void ask(Channel channel) {
        var _ =
            ExternalScalerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .isActive(ScaledObjectRef.getDefaultInstance());
      }
    };

    abstract void ask(Channel channel);
  }

  @Test
  void whoIsKnownIsAnsweredOnEveryPort() throws Exception {
    SecuredCaller known = files().known();
    ManagedChannel channel = channel(known);
    try {
      Await.until(
          "the first step waits for its groups",
          () ->
              stub(channel)
                      .getStatus(GetStatusRequest.getDefaultInstance())
                      .getGroups()
                      .getDispatched()
                  == RunFiles.PROMPTS_PER_STEP);
      ByteArrayOutputStream weights = new ByteArrayOutputStream();
      var chunks = stub(channel).fetchWeights(FetchWeightsRequest.getDefaultInstance());
      while (chunks.hasNext()) {
        chunks.next().getData().writeTo(weights);
      }
      assertThat(weights.toByteArray())
          .isEqualTo(
              Files.readAllBytes(configuration.policy().path().resolve("model.safetensors")));
      Question.WAITING_PROMPTS.ask(channel);
    } finally {
      channel.shutdownNow();
    }
    HttpResponse<String> page = known.send(known.request(http.getSecurePort(), PAGE).build());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("page.js");
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneOrOneThatHasRunOutIsRefusedOnEveryPort() {
    for (SecuredCaller stranger : files().strangers()) {
      ManagedChannel channel = channel(stranger);
      try {
        for (Question question : Question.values()) {
          assertThat(
                  catchThrowableOfType(StatusRuntimeException.class, () -> question.ask(channel))
                      .getStatus()
                      .getCode())
              .as("%s, %s", question, stranger.name())
              .isEqualTo(Status.Code.UNAVAILABLE);
        }
      } finally {
        channel.shutdownNow();
      }
      for (String path : List.of(PAGE, "/q/health/live", "/q/metrics")) {
        assertThatThrownBy(
                () -> stranger.send(stranger.request(http.getSecurePort(), path).build()))
            .as("HTTPS, %s", stranger.name())
            .isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void thePlainPortServesHealthAndMetricsAlone() throws Exception {
    assertThat(plain("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(plain("/q/health").statusCode()).isIn(200, 503);
    assertThat(plain("/q/metrics").body()).contains("drpo_learner");
    for (String path :
        List.of(
            "/",
            "/dashboard",
            PAGE,
            "/dashboard/page.js",
            "/dashboard/api/events",
            "/dashboard/api/runs/0/configuration",
            "/q/health/../../dashboard/")) {
      HttpResponse<String> refused = plain(path);
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(refused.body()).contains("HTTPS");
    }
  }

  private SecuredFiles files() {
    return new SecuredFiles(folder.orElseThrow());
  }

  private HttpResponse<String> plain(String path) throws IOException, InterruptedException {
    SecuredCaller anybody = new SecuredCaller("anybody", Map.of());
    return anybody.send(anybody.request(http.getPort(), path).build());
  }

  private ManagedChannel channel(SecuredCaller shown) {
    return GrpcTls.channel(
            "localhost:" + grpc.getPort(),
            ConfigLoader.load(null, Map.of(), shown.settings()).tls())
        .build();
  }

  private static LearnerServiceGrpc.LearnerServiceBlockingStub stub(Channel channel) {
    return LearnerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.MINUTES);
  }
}

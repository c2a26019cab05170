package dev.drpo.learner.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.drpo.learner.RunFiles;
import dev.drpo.proto.externalscaler.ExternalScalerGrpc;
import dev.drpo.proto.externalscaler.GetMetricsRequest;
import dev.drpo.proto.externalscaler.MetricValue;
import dev.drpo.proto.externalscaler.ScaledObjectRef;
import dev.drpo.proto.learner.v1.FetchWeightsRequest;
import dev.drpo.proto.learner.v1.GetStatusRequest;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.Monitored;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as others see it, in a run whose first step waits for rollouts. */
@QuarkusTest
@QuarkusTestResource(value = RunResource.class, restrictToAnnotatedClass = true)
class LearnerServiceTest {
  private static final OptionalLong NEWEST = OptionalLong.empty();

  @TestHTTPResource("/")
  URI root;

  @Inject GrpcServer grpc;

  @Inject RunConfig configuration;

  private ManagedChannel channel;
  private LearnerServiceGrpc.LearnerServiceBlockingStub service;

  @BeforeEach
  void connect() {
    channel =
        ManagedChannelBuilder.forAddress(root.getHost(), grpc.getPort()).usePlaintext().build();
    service = LearnerServiceGrpc.newBlockingStub(channel);
    Await.until(
        "the first step waits for its groups",
        () -> status().getGroups().getDispatched() == RunFiles.PROMPTS_PER_STEP);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void theStatusTellsWhereTheRunStands() {
    GetStatusResponse status = status();
    assertThat(status.getRun()).isEqualTo("service-test");
    assertThat(status.getState()).isEqualTo(RunState.RUN_STATE_TRAINING);
    assertThat(status.getStepsDone()).isZero();
    assertThat(status.getStepsTotal()).isEqualTo(RunFiles.STEPS);
    assertThat(status.getPolicy().getStep()).isZero();
    assertThat(status.getPolicy().getDigest().size()).isEqualTo(32);
    assertThat(status.getFailure()).isEmpty();
  }

  @Test
  void aScalerHearsHowManyPromptsWaitForAReplica() {
    var scaler = ExternalScalerGrpc.newBlockingStub(channel);
    assertThat(scaler.isActive(ScaledObjectRef.getDefaultInstance()).getResult()).isTrue();
    assertThat(scaler.getMetrics(GetMetricsRequest.getDefaultInstance()).getMetricValuesList())
        .singleElement()
        .extracting(MetricValue::getMetricValue)
        .isEqualTo((long) RunFiles.PROMPTS_PER_STEP);
  }

  @Test
  void theWeightsOfAVersionOrTheNewestAreStreamedFromAnyOffset() throws IOException {
    byte[] file = Files.readAllBytes(configuration.policy().path().resolve("model.safetensors"));
    assertThat(fetch(OptionalLong.of(0), 0)).isEqualTo(file);
    assertThat(fetch(NEWEST, 0)).isEqualTo(file);
    assertThat(fetch(NEWEST, 1000)).isEqualTo(Arrays.copyOfRange(file, 1000, file.length));
    assertThat(fetch(NEWEST, file.length)).isEmpty();
  }

  @Test
  void weightsThatAreFetchedAreWorkDone() {
    long before = status().getWorkDone();
    assertThat(before).isPositive();
    int chunks = chunks(NEWEST, 0).size();
    assertThat(chunks).isPositive();
    assertThat(status().getWorkDone()).isGreaterThanOrEqualTo(before + chunks);
  }

  @Test
  void aVersionThatIsNotHeldIsNotFound() {
    assertRefused(OptionalLong.of(9), 0, Status.Code.NOT_FOUND, "policy version 9 is not held");
  }

  @Test
  void anOffsetOutsideTheSnapshotIsOutOfRange() {
    assertRefused(NEWEST, 1 << 30, Status.Code.OUT_OF_RANGE, "offset 1073741824 lies outside");
    assertRefused(NEWEST, -5, Status.Code.OUT_OF_RANGE, "offset -5 lies outside");
  }

  @Test
  void aLearnerWithWeightsAndABrokerIsReadyAndAlive() throws Exception {
    Await.until("ready", () -> get("/q/health/ready").statusCode() == 200);
    assertThat(get("/q/health/ready").body()).contains("weights", "broker");
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/q/health/live").body()).contains("training");
  }

  @Test
  void theMetricsTellWhereTheRunStands() throws IOException {
    assertThat(get("/q/metrics").body())
        .contains(
            "drpo_learner_step ",
            "drpo_learner_accuracy",
            "drpo_learner_response_length",
            "drpo_learner_kl",
            "drpo_learner_kl_after",
            "drpo_learner_evaluation_step",
            "drpo_learner_evaluation_accuracy",
            "drpo_learner_evaluation_response_length",
            "drpo_learner_groups_dispatched_total 3.0",
            "drpo_learner_groups_trained_total 0.0",
            "drpo_learner_groups_refilled_total",
            "drpo_learner_groups_duplicates_total",
            "drpo_learner_groups_resent_total 0.0",
            "drpo_learner_dead_letters_total",
            "drpo_learner_tokens_learned_total",
            "drpo_learner_weights_versions_total 1.0",
            "drpo_learner_weights_patched_total 0.0",
            "drpo_learner_weights_patch_bytes_total 0.0",
            "drpo_learner_weights_full_bytes_total " + (double) fetch(NEWEST, 0).length,
            "drpo_learner_weights_encoding_seconds_total 0.0",
            "drpo_learner_weights_publication_seconds_total",
            "drpo_learner_running 1.0",
            "drpo_learner_policy_entropy NaN");
    assertThat(Monitored.missing("learner", get("/q/metrics").body())).isEmpty();
  }

  @Test
  void thePageIsServedOnTheLearnersPort() {
    assertThat(get("/").headers().firstValue("Location")).hasValue("/dashboard/");
    assertThat(get("/dashboard").headers().firstValue("Location")).hasValue("/dashboard/");
    HttpResponse<String> page = get("/dashboard/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'");
    assertThat(page.body()).contains("page.js");
    assertThat(get("/dashboard/page.js").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/javascript");
    assertThat(get("/dashboard/api/runs/0/configuration").body()).contains("samples.every");
    assertThat(get("/dashboard/../etc/passwd").statusCode()).isEqualTo(404);
    assertThat(get("/dashboard/api/runs/7/step?step=1").statusCode()).isEqualTo(404);
  }

  @Test
  void thePageIsToldWhatTheLearnerKnowsAsItHappens() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<Stream<String>> events =
          client.send(
              HttpRequest.newBuilder(root.resolve("/dashboard/api/events")).build(),
              HttpResponse.BodyHandlers.ofLines());
      assertThat(events.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      try (Stream<String> lines = events.body()) {
        // The topics are asked for when somebody looks, and come with a later event.
        assertThat(
                lines
                    .filter(line -> line.contains("\"state\":\"training\""))
                    .filter(line -> line.contains("service-test.drpo.prompts"))
                    .findFirst())
            .hasValueSatisfying(
                line ->
                    assertThat(line)
                        .contains("\"live\":true", "\"dispatched\":3", "\"stepsTotal\":"));
      }
      client.shutdownNow();
    }
  }

  private GetStatusResponse status() {
    return service.getStatus(GetStatusRequest.getDefaultInstance());
  }

  private byte[] fetch(OptionalLong step, long offset) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    for (WeightChunk chunk : chunks(step, offset)) {
      chunk.getData().writeTo(received);
    }
    return received.toByteArray();
  }

  private ImmutableList<WeightChunk> chunks(OptionalLong step, long offset) {
    FetchWeightsRequest.Builder request = FetchWeightsRequest.newBuilder().setOffset(offset);
    step.ifPresent(request::setStep);
    return ImmutableList.copyOf(service.fetchWeights(request.build()));
  }

  private void assertRefused(OptionalLong step, long offset, Status.Code code, String reason) {
    assertThatThrownBy(() -> chunks(step, offset))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(reason);
  }

  private HttpResponse<String> get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

package dev.drpo.reward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.proto.reward.v1.Candidate;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateGroupResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.testkit.Await;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as it is packaged, with the heap that it is run with. */
class PackagedServiceIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

  /** Just below the size limit of 4 MiB. */
  private static final EvaluateGroupRequest LARGE =
      EvaluateGroupRequest.newBuilder()
          .addGolds("1")
          .addAllCandidates(
              Collections.nCopies(
                  4,
                  Candidate.newBuilder()
                      .setResponse("x".repeat(1_000_000) + "</think> \\boxed{1}")
                      .build()))
          .build();

  @TempDir Path folder;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private Process service;
  private int port;
  private int grpcPort;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
      grpcPort = other.getLocalPort();
    }
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-jar",
            JAR.toString());
    command
        .environment()
        .putAll(
            Map.of(
                "DRPO_REWARD_CONSUME_ROLLOUTS",
                "false",
                "QUARKUS_LOG_CONSOLE_JSON_ENABLED",
                "true",
                "QUARKUS_HTTP_HOST",
                "127.0.0.1",
                "QUARKUS_HTTP_PORT",
                String.valueOf(port),
                "QUARKUS_GRPC_SERVER_PORT",
                String.valueOf(grpcPort)));
    service = command.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    Await.until(
        "ready",
        () -> {
          assertThat(service.isAlive()).isTrue();
          return isReady();
        });
  }

  @AfterEach
  void stop() throws InterruptedException {
    channels.forEach(ManagedChannel::shutdownNow);
    service.destroyForcibly().waitFor();
  }

  @Test
  void aCrowdOfTheLargestMessagesIsAnsweredOrRefusedAndTheServiceGoesOn() throws Exception {
    List<CompletableFuture<Status.Code>> crowd = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ManagedChannel channel = connect();
      for (int j = 0; j < 8; j++) {
        crowd.add(evaluate(channel));
      }
    }
    assertThat(
            HealthGrpc.newBlockingStub(connect())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(crowd.stream().map(CompletableFuture::join))
        .contains(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED)
        .containsOnly(Status.Code.OK, Status.Code.RESOURCE_EXHAUSTED);
    assertThat(evaluate(connect()).join()).isEqualTo(Status.Code.OK);
  }

  @Test
  void aCrowdOfTheLargestBodiesIsAnsweredOrRefusedAndTheServiceGoesOn() throws Exception {
    String candidate =
        "{\"response\": \"%s</think> \\\\boxed{π}\"}".formatted("x".repeat(1_000_000));
    byte[] body =
        "{\"golds\": [\"1\"], \"candidates\": [%s]}"
            .formatted(String.join(",", Collections.nCopies(4, candidate)))
            .getBytes(UTF_8);
    List<Future<Integer>> crowd;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      crowd = Stream.generate(() -> threads.submit(() -> post(body))).limit(40).toList();
    }
    assertThat(crowd.stream().map(Future::resultNow)).contains(200, 429).containsOnly(200, 429);
    assertThat(post(body)).isEqualTo(200);
  }

  @Test
  void callsUnderWayAreAnsweredWhenTheServiceIsStopped() throws Exception {
    ManagedChannel channel = connect();
    assertThat(evaluate(channel).join()).isEqualTo(Status.Code.OK);
    List<CompletableFuture<Status.Code>> underWay =
        Stream.generate(() -> evaluate(channel)).limit(4).toList();
    underWay.getFirst().join();
    service.destroy();
    assertThat(underWay.stream().map(CompletableFuture::join)).containsOnly(Status.Code.OK);
    assertThat(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(log()))
        .as("the log that is wanted as JSON")
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(new ObjectMapper().readTree(line).fieldNames())
                    .toIterable()
                    .contains("timestamp", "level", "message", "service", "run", "replica"));
  }

  private Path log() {
    return folder.resolve("service.log");
  }

  private ManagedChannel connect() {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  private static CompletableFuture<Status.Code> evaluate(ManagedChannel channel) {
    CompletableFuture<Status.Code> end = new CompletableFuture<>();
    RewardServiceGrpc.newStub(channel)
        .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .evaluateGroup(LARGE, new EndObserver(end));
    return end;
  }

  private int post(byte[] body) throws IOException, InterruptedException {
    return web().post("/v1/evaluate-group", body, "Content-Type", "application/json").statusCode();
  }

  private Web web() {
    return new Web(URI.create("http://127.0.0.1:" + port));
  }

  private boolean isReady() throws IOException, InterruptedException {
    try {
      return web().get("/q/health/ready").statusCode() == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  private record EndObserver(CompletableFuture<Status.Code> end)
      implements io.grpc.stub.StreamObserver<EvaluateGroupResponse> {
    @Override
    public void onNext(EvaluateGroupResponse response) {
      assertThat(response.getVerdictsCount()).isEqualTo(LARGE.getCandidatesCount());
    }

    @Override
    public void onError(Throwable failure) {
      end.complete(((StatusRuntimeException) failure).getStatus().getCode());
    }

    @Override
    public void onCompleted() {
      end.complete(Status.Code.OK);
    }
  }
}

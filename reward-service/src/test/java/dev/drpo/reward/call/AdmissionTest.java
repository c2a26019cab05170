package dev.drpo.reward.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateStreamResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.RewardMeters;
import dev.drpo.reward.Web;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class AdmissionTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final EvaluateRequest LARGE =
      EvaluateRequest.newBuilder()
          .setResponse("x".repeat(1_000_000) + "</think> \\boxed{1}")
          .addGolds("1")
          .build();

  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject Admission admission;
  @Inject RewardMeters rewardMeters;
  @Inject MeterRegistry registry;

  private ManagedChannel channel;

  @BeforeEach
  void connect() {
    channel = ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheRoomAndCounted() {
    double overloads = registry.get("drpo.reward.overloads").counter().count();
    Admission small = new Admission(20_000, 0, rewardMeters);
    try (Admission.Charge charge = small.admit()) {
      long rest = 20_000 - small.chargedBytes();
      assertThatThrownBy(() -> charge.add(rest + 1))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("20000 bytes");
      charge.add(rest);
      charge.subtract(rest);
      charge.add(rest);
    }
    assertThat(small.chargedBytes()).isZero();
    assertThat(registry.get("drpo.reward.overloads").counter().count()).isEqualTo(overloads + 1);
  }

  @Test
  void aCallReturnsItsRoomHoweverItEnds() throws Exception {
    var judge = RewardServiceGrpc.newBlockingStub(channel);
    judge.evaluate(LARGE);
    assertThatThrownBy(() -> judge.evaluate(EvaluateRequest.getDefaultInstance()))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThatThrownBy(() -> judge.withDeadlineAfter(5, TimeUnit.MILLISECONDS).evaluate(LARGE))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    Web web = new Web(root);
    String json = "{\"answer\": \"1\", \"golds\": [\"1\"]}";
    web.post("/v1/evaluate", json.getBytes(UTF_8), "Content-Type", "application/json");
    web.post("/v1/evaluate", "{".getBytes(UTF_8), "Content-Type", "application/json");

    await(() -> admission.chargedBytes() == 0);
  }

  @Test
  void aStreamHoldsTheRoomOfWhatItHasNotAnsweredAndNoMore() throws Exception {
    CompletableFuture<Void> completed = new CompletableFuture<>();
    StreamObserver<EvaluateRequest> requests =
        RewardServiceGrpc.newStub(channel)
            .evaluateStream(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EvaluateStreamResponse result) {}

                  @Override
                  public void onError(Throwable failure) {
                    completed.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    completed.complete(null);
                  }
                });
    long most = 0;
    for (int i = 0; i < 40; i++) {
      requests.onNext(LARGE);
      most = Math.max(most, admission.chargedBytes());
    }
    requests.onCompleted();
    while (!completed.isDone()) {
      most = Math.max(most, admission.chargedBytes());
      Thread.onSpinWait();
    }
    completed.get();
    assertThat(most).isBetween(1_000_000L, 6_000_000L);
    await(() -> admission.chargedBytes() == 0);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(Duration.ofMillis(10));
    }
  }
}

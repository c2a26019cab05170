package dev.drpo.reward.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.reward.v1.Candidate;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateGroupResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.call.Admission;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody is judged for whom nobody waits. */
@QuarkusTest
class DeadlinesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration STANDSTILL = Duration.ofMillis(500);
  private static final int CANDIDATES = 1024;

  /** Dear enough, against so many golds, for the group to take seconds. */
  private static final String DEAR_GOLD = "(a+b+c+d)^{20}";

  private static final String DEAR_ANSWER = "(a+b+c+d+0.5)^{20}";

  private static final EvaluateGroupRequest DEAR =
      EvaluateGroupRequest.newBuilder()
          .addAllCandidates(
              Collections.nCopies(
                  CANDIDATES, Candidate.newBuilder().setAnswer(DEAR_ANSWER).build()))
          .addAllGolds(Collections.nCopies(64, DEAR_GOLD))
          .build();

  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject MeterRegistry meters;
  @Inject Admission admission;

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
  void aCallWhoseDeadlinePassesEndsWithItAndIsNotJudgedToItsEnd() throws Exception {
    double before = verdicts();
    assertThatThrownBy(
            () ->
                RewardServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .evaluateGroup(DEAR))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    assertThatWorkStops(before);
  }

  @Test
  void aCallThatIsCancelledIsNotJudgedToItsEnd() throws Exception {
    double before = verdicts();
    CompletableFuture<Status.Code> end = new CompletableFuture<>();
    Context.CancellableContext call = Context.current().withCancellation();
    call.run(
        () ->
            RewardServiceGrpc.newStub(channel)
                .evaluateGroup(
                    DEAR,
                    new StreamObserver<>() {
                      @Override
                      public void onNext(EvaluateGroupResponse response) {}

                      @Override
                      public void onError(Throwable failure) {
                        end.complete(Status.fromThrowable(failure).getCode());
                      }

                      @Override
                      public void onCompleted() {
                        end.complete(Status.Code.OK);
                      }
                    }));
    await(() -> verdicts() > before);
    call.cancel(null);
    assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Status.Code.CANCELLED);
    assertThatWorkStops(before);
  }

  @Test
  void aCallOverHttpWhoseCallerLeavesIsNotJudgedToItsEnd() throws Exception {
    double before = verdicts();
    String golds = String.join(",", Collections.nCopies(64, "\"" + DEAR_GOLD + "\""));
    String candidates =
        String.join(",", Collections.nCopies(CANDIDATES, "{\"answer\": \"" + DEAR_ANSWER + "\"}"));
    byte[] body =
        "{\"golds\": [%s], \"candidates\": [%s]}".formatted(golds, candidates).getBytes(UTF_8);
    try (Socket caller = new Socket(root.getHost(), root.getPort())) {
      caller
          .getOutputStream()
          .write(
              "POST /v1/evaluate-group HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                  .formatted(body.length)
                  .getBytes(UTF_8));
      caller.getOutputStream().write(body);
      await(() -> verdicts() > before);
    }
    assertThatWorkStops(before);
  }

  /** Work that went on would come to the end of the group before it stands still. */
  private void assertThatWorkStops(double before) throws InterruptedException {
    double last;
    double now = verdicts();
    do {
      last = now;
      Thread.sleep(STANDSTILL);
      now = verdicts();
    } while (now > last);
    assertThat(now - before).isLessThan(CANDIDATES / 2.0);
    await(() -> admission.chargedBytes() == 0);
  }

  private double verdicts() {
    return meters.find("drpo.reward.verdicts").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).isBefore(deadline);
      Thread.sleep(Duration.ofMillis(10));
    }
  }
}

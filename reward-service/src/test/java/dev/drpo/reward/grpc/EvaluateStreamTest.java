package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateStreamResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EvaluateStreamTest {
  private static final long PATIENCE_SECONDS = 60;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Inject MeterRegistry meters;

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
  void resultsComeInTheOrderOfTheirRequests() throws Exception {
    Results results = new Results();
    StreamObserver<EvaluateRequest> requests = open(results, Integer.MAX_VALUE);
    for (int i = 0; i < 2_000; i++) {
      requests.onNext(request(i, i % 7 == 0 ? "1e99999999" : String.valueOf(i)));
    }
    requests.onCompleted();

    assertThat(results.await())
        .extracting(EvaluateStreamResponse::getRequestId)
        .containsExactlyElementsOf(IntStream.range(0, 2_000).mapToObj(String::valueOf).toList());
    EvaluateStreamResponse hundredth = results.await().get(100);
    assertThat(hundredth.getResponse().getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(hundredth.getResponse().getRequestId()).isEqualTo("100");
  }

  @Test
  void aBadRequestBecomesAnErrorAndTheStreamGoesOn() throws Exception {
    Results results = new Results();
    StreamObserver<EvaluateRequest> requests = open(results, Integer.MAX_VALUE);
    requests.onNext(request(0, "0"));
    requests.onNext(request(1, "1").toBuilder().clearGolds().build());
    requests.onNext(request(2, "2"));
    requests.onCompleted();

    List<EvaluateStreamResponse> all = results.await();
    assertThat(all)
        .extracting(EvaluateStreamResponse::hasError)
        .containsExactly(false, true, false);
    assertThat(all.get(1).getRequestId()).isEqualTo("1");
    assertThat(all.get(1).getError().getCode()).isEqualTo("INVALID_ARGUMENT");
    assertThat(all.get(1).getError().getMessage()).contains("no golds");
  }

  @Test
  void aMessageThatIsNoProtobufBecomesAnErrorToo() throws Exception {
    MethodDescriptor<byte[], EvaluateStreamResponse> raw =
        RewardServiceGrpc.getEvaluateStreamMethod().toBuilder(
                new RawBytes(), RewardServiceGrpc.getEvaluateStreamMethod().getResponseMarshaller())
            .build();
    List<EvaluateStreamResponse> received = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> completed = new CompletableFuture<>();
    StreamObserver<byte[]> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(raw, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(EvaluateStreamResponse result) {
                received.add(result);
              }

              @Override
              public void onError(Throwable failure) {
                completed.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                completed.complete(null);
              }
            });
    requests.onNext(new byte[] {-1, -1, -1});
    requests.onNext(request(1, "1").toByteArray());
    requests.onCompleted();
    completed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(received).extracting(EvaluateStreamResponse::hasError).containsExactly(true, false);
    assertThat(received.getFirst().getError().getMessage()).contains("can't be parsed");
  }

  @Test
  void aStreamMayCarryMoreThanOneMessageMay() throws Exception {
    Results results = new Results();
    StreamObserver<EvaluateRequest> requests = open(results, Integer.MAX_VALUE);
    for (int i = 0; i < 24; i++) {
      requests.onNext(
          EvaluateRequest.newBuilder()
              .setResponse("x".repeat(1_000_000) + "</think> \\boxed{1}")
              .addGolds("1")
              .build());
    }
    requests.onCompleted();
    assertThat(results.await())
        .hasSize(24)
        .allMatch(r -> r.getResponse().getVerdict().getOutcome() == Outcome.OUTCOME_EQUAL);
  }

  @Test
  void aCallerWhoDoesNotReadIsNotReadFromAndLosesNothing() throws Exception {
    int many = 50_000;
    double before = verdicts();
    Results results = new Results();
    StreamObserver<EvaluateRequest> requests = open(results, 0);
    for (int i = 0; i < many; i++) {
      requests.onNext(request(i, String.valueOf(i)));
    }
    requests.onCompleted();
    awaitStandstill();
    assertThat(verdicts() - before).isBetween(1.0, many / 2.0);

    results.call.request(many);
    assertThat(results.await())
        .extracting(EvaluateStreamResponse::getRequestId)
        .containsExactlyElementsOf(IntStream.range(0, many).mapToObj(String::valueOf).toList());
  }

  @Test
  void cancellingAStreamStopsItsWorkAndLeavesOtherCallsAlone() throws Exception {
    int many = 50_000;
    double before = verdicts();
    Results results = new Results();
    StreamObserver<EvaluateRequest> requests = open(results, 0);
    for (int i = 0; i < many; i++) {
      requests.onNext(request(i, String.valueOf(i)));
    }
    awaitStandstill();
    results.call.cancel("enough", null);
    awaitStandstill();
    assertThat(verdicts() - before).isLessThan(many / 2.0);

    Results others = new Results();
    StreamObserver<EvaluateRequest> other = open(others, Integer.MAX_VALUE);
    other.onNext(request(7, "7"));
    other.onCompleted();
    assertThat(others.await()).hasSize(1);
  }

  /** Waits until verdicts have stopped coming for a while. */
  private void awaitStandstill() throws InterruptedException {
    Duration quiet = Duration.ofMillis(500);
    double last = -1;
    while (verdicts() != last) {
      last = verdicts();
      Thread.sleep(quiet);
    }
  }

  private double verdicts() {
    return meters.find("drpo.reward.verdicts").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private StreamObserver<EvaluateRequest> open(Results results, int read) {
    results.read = read;
    return RewardServiceGrpc.newStub(channel).evaluateStream(results);
  }

  private static EvaluateRequest request(int id, String answer) {
    return EvaluateRequest.newBuilder()
        .setRequestId(String.valueOf(id))
        .setAnswer(answer)
        .addGolds(String.valueOf(id))
        .build();
  }

  /** Collects what a stream brings, as fast as it is told to. */
  private static final class Results
      implements ClientResponseObserver<EvaluateRequest, EvaluateStreamResponse> {
    private final List<EvaluateStreamResponse> received =
        Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<List<EvaluateStreamResponse>> all = new CompletableFuture<>();
    private int read;
    private ClientCallStreamObserver<EvaluateRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<EvaluateRequest> started) {
      call = started;
      if (read == 0) {
        started.disableAutoRequestWithInitial(0);
      }
    }

    @Override
    public void onNext(EvaluateStreamResponse result) {
      received.add(result);
    }

    @Override
    public void onError(Throwable failure) {
      all.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      all.complete(List.copyOf(received));
    }

    List<EvaluateStreamResponse> await() throws Exception {
      return all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}

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
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

  private void serve(BiConsumer<EvaluateRequest, StreamObserver<EvaluateResponse>> answer)
      throws IOException {
    server =
        ServerBuilder.forPort(0)
            .addService(
                new RewardServiceGrpc.RewardServiceImplBase() {
                  @Override
                  public void evaluate(
                      EvaluateRequest request, StreamObserver<EvaluateResponse> out) {
                    answer.accept(request, out);
                  }
                })
            .build()
            .start();
    function =
        new RemoteFunction(
            ConfigLoader.load(
                null,
                Map.of(),
                Map.of(
                    "reward.functions", "remote:1",
                    "reward.conventions", "percent:typed",
                    "reward.remote-address", "localhost:" + server.getPort(),
                    "reward.remote-deadline-millis", "2000")),
            new RewardMeters(registry));
  }
}

package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.ExplainRequest;
import dev.drpo.proto.reward.v1.ExplainResponse;
import dev.drpo.proto.reward.v1.ExplainStep;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.Web;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as a pure judge, without a broker. */
@QuarkusTest
class RewardEndpointTest {
  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = "quarkus.application.version")
  String version;

  private ManagedChannel channel;
  private RewardServiceGrpc.RewardServiceBlockingStub judge;

  @BeforeEach
  void connect() {
    channel = ManagedChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    judge = RewardServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void aRightAnswerEarnsARewardAndNamesItsRule() {
    EvaluateResponse response =
        judge.evaluate(
            request("<think> 3/6 </think> \\boxed{\\frac36}", "1/3", "0.5")
                .setRequestId("a")
                .build());
    assertThat(response.getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(response.getVerdict().getReward()).isEqualTo(1.0);
    assertThat(response.getVerdict().getRule()).isEqualTo("equal-numbers");
    assertThat(response.getVerdict().getExtracted()).isEqualTo("\\frac36");
    assertThat(response.getVerdict().getNormalGold()).isEqualTo("1/2");
    assertThat(response.getVerdict().getNormalAnswer()).isEqualTo("1/2");
    assertThat(response.getVerdict().getSteps()).isPositive();
    assertThat(response.getRequestId()).isEqualTo("a");
    assertThat(response.getVerifierVersion()).isEqualTo(version);
  }

  @Test
  void onlyEqualEarnsAReward() {
    assertOutcome(request("</think> \\boxed{2}", "1"), Outcome.OUTCOME_NOT_EQUAL);
    assertOutcome(request("</think> 1", "1"), Outcome.OUTCOME_NO_ANSWER);
    assertOutcome(request("\\boxed{1}", "1"), Outcome.OUTCOME_NO_ANSWER);
    assertOutcome(request("</think> \\boxed{\\foo}", "1"), Outcome.OUTCOME_UNPARSEABLE);
    assertOutcome(request("</think> \\boxed{1e999999999}", "1"), Outcome.OUTCOME_BUDGET_EXCEEDED);
    assertOutcome(request("</think> \\boxed{1}", "1/0"), Outcome.OUTCOME_INVALID_GOLD);
  }

  @Test
  void conventionsOfTheRequestReplaceTheRunsOwn() {
    EvaluateResponse response =
        judge.evaluate(request("\\boxed{1}", "1").putConventions("require-think", "false").build());
    assertThat(response.getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
  }

  @Test
  void requestsThatCannotBeJudgedAreRefusedWithTheReason() {
    assertRefused(request("</think> \\boxed{1}"), "no golds");
    assertRefused(request("</think> \\boxed{1}", "1", " "), "golds[1] is empty");
    assertRefused(request("x", "1").putConventions("mood", "strict"), "unknown convention 'mood'");
    assertRefused(request("x", "1").putConventions("decimals", "loose"), "rounded, exact");
    assertRefused(request("x".repeat(1_100_000), "1"), "1100000 characters");
    assertRefused(EvaluateRequest.newBuilder().addGolds("1"), "neither a response nor an answer");
    assertRefused(request("x", "1").setAnswer("1"), "a response and an answer; give exactly one");
    assertRefused(
        request("x", "1").addAllGolds(Collections.nCopies(64, "2")), "65 golds; give between 1");
    assertRefused(request("x", "1").setFinishReasonValue(9), "finish reason of the request is 9");
  }

  @Test
  void aBareAnswerIsJudgedWithoutBoxAndThinkTags() {
    EvaluateRequest request =
        EvaluateRequest.newBuilder().setAnswer("2/4").addGolds("3").addGolds("0.5").build();
    assertThat(judge.evaluate(request).getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(judge.evaluate(request.toBuilder().setAnswer("7").build()).getVerdict().getOutcome())
        .isEqualTo(Outcome.OUTCOME_NOT_EQUAL);
  }

  @Test
  void aTruncatedResponseIsJudgedAndMarked() {
    EvaluateRequest request =
        request("</think> \\boxed{1}", "1")
            .setFinishReason(FinishReason.FINISH_REASON_LENGTH)
            .build();
    Verdict verdict = judge.evaluate(request).getVerdict();
    assertThat(verdict.getTruncated()).isTrue();
    assertThat(verdict.getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(verdict.getReward()).isEqualTo(1);
    assertThat(
            judge
                .evaluate(request.toBuilder().clearFinishReason().build())
                .getVerdict()
                .getTruncated())
        .isFalse();
  }

  @Test
  void anExplanationShowsHowThePairWasDecided() {
    ExplainResponse explained =
        judge.explain(
            ExplainRequest.newBuilder()
                .setGold("1/2")
                .setAnswer("0.5")
                .putConventions("decimals", "exact")
                .setRequestId("why")
                .build());
    assertThat(explained.getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
    assertThat(explained.getStepsList()).extracting(ExplainStep::getSubject).contains("gold");
    assertThat(explained.getRequestId()).isEqualTo("why");
    assertThatThrownBy(() -> judge.explain(ExplainRequest.newBuilder().setAnswer("1").build()))
        .hasMessageStartingWith("INVALID_ARGUMENT: gold is empty");
  }

  @Test
  void aMessageThatIsNoProtobufIsRefusedAndTheConnectionGoesOn() {
    MethodDescriptor<byte[], byte[]> raw =
        RewardServiceGrpc.getEvaluateMethod().toBuilder(new RawBytes(), new RawBytes()).build();
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    raw,
                    CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                    new byte[] {-1, -1, -1}))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertOutcome(request("</think> \\boxed{2}", "1"), Outcome.OUTCOME_NOT_EQUAL);
  }

  @Test
  void anErrorsTextArrivesWhole() {
    String odd = "50% of „größer“: a;b=\"c\"\\\n, 你好 🎲";
    assertRefused(request("x", "1").putConventions(odd, "y"), "unknown convention '" + odd + "'");
  }

  @Test
  void aCompressedMessageIsJudged() {
    EvaluateRequest request = request("x".repeat(100_000) + "</think> \\boxed{1}", "1").build();
    assertThat(judge.withCompression("gzip").evaluate(request).getVerdict().getReward())
        .isEqualTo(1);
  }

  @Test
  void aMessageThatDecompressesOverTheSizeLimitIsRefused() {
    EvaluateRequest request = request("x".repeat(50 << 20), "1").build();
    assertThatThrownBy(() -> judge.withCompression("gzip").evaluate(request))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("RESOURCE_EXHAUSTED")
        .hasMessageContaining("4194304 bytes");
    assertOutcome(request("</think> \\boxed{2}", "1"), Outcome.OUTCOME_NOT_EQUAL);
  }

  @Test
  void callersFindTheServiceByReflection() throws Exception {
    List<String> services = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(1);
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    answer
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> services.add(service.getName()));
                    done.countDown();
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.countDown();
                  }

                  @Override
                  public void onCompleted() {
                    done.countDown();
                  }
                });
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    questions.onCompleted();
    assertThat(services).contains("drpo.reward.v1.RewardService", "grpc.health.v1.Health");
  }

  @Test
  void messagesOverTheSizeLimitAreRefused() {
    assertThatThrownBy(() -> judge.evaluate(request("x".repeat(5 << 20), "1").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("RESOURCE_EXHAUSTED")
        .hasMessageContaining("maximum size 4194304");
    assertOutcome(request("</think> \\boxed{2}", "1"), Outcome.OUTCOME_NOT_EQUAL);
  }

  @Test
  void aPureJudgeIsReadyWithoutABroker() throws Exception {
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    for (String probe : new String[] {"/q/health/ready", "/q/health/live", "/q/health/started"}) {
      assertThat(new Web(root).get(probe).statusCode()).as(probe).isEqualTo(200);
    }
  }

  @Test
  void verdictsAreCountedByOutcomeAndRule() throws Exception {
    judge.evaluate(request("</think> \\boxed{\\foo}", "1").build());
    assertThat(new Web(root).get("/q/metrics").body())
        .contains("drpo_reward_verdicts_total{outcome=\"UNPARSEABLE\",rule=\"unparseable-answer\"}")
        .contains("drpo_reward_judge_seconds_count");
  }

  private void assertOutcome(EvaluateRequest.Builder request, Outcome outcome) {
    EvaluateResponse response = judge.evaluate(request.build());
    assertThat(response.getVerdict().getOutcome()).isEqualTo(outcome);
    assertThat(response.getVerdict().getReward()).isZero();
  }

  private void assertRefused(EvaluateRequest.Builder request, String reason) {
    assertThatThrownBy(() -> judge.evaluate(request.build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("INVALID_ARGUMENT")
        .hasMessageContaining(reason);
  }

  private static EvaluateRequest.Builder request(String response, String... golds) {
    EvaluateRequest.Builder request = EvaluateRequest.newBuilder().setResponse(response);
    for (String gold : golds) {
      request.addGolds(gold);
    }
    return request;
  }
}

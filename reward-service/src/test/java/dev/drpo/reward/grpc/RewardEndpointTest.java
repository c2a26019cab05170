package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.Web;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as a pure judge, without a broker. */
@QuarkusTest
class RewardEndpointTest {
  @TestHTTPResource("/")
  URI root;

  @ConfigProperty(name = "quarkus.application.version")
  String version;

  private ManagedChannel channel;
  private RewardServiceGrpc.RewardServiceBlockingStub judge;

  @BeforeEach
  void connect() {
    channel =
        ManagedChannelBuilder.forAddress(root.getHost(), root.getPort()).usePlaintext().build();
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
    assertOutcome(request("</think> \\boxed{x}", "1"), Outcome.OUTCOME_UNPARSEABLE);
    assertOutcome(request("</think> \\boxed{1e999999999}", "1"), Outcome.OUTCOME_BUDGET_EXCEEDED);
    assertOutcome(request("</think> \\boxed{1}", "1/0"), Outcome.OUTCOME_INVALID_GOLD);
  }

  @Test
  void policiesOfTheRequestReplaceTheRunsOwn() {
    EvaluateResponse response =
        judge.evaluate(request("\\boxed{1}", "1").putPolicies("require-think", "false").build());
    assertThat(response.getVerdict().getOutcome()).isEqualTo(Outcome.OUTCOME_EQUAL);
  }

  @Test
  void requestsThatCannotBeJudgedAreRefusedWithTheReason() {
    assertRefused(request("</think> \\boxed{1}"), "no golds");
    assertRefused(request("</think> \\boxed{1}", "1", " "), "golds[1] is empty");
    assertRefused(request("x", "1").putPolicies("units", "strict"), "unknown policy 'units'");
    assertRefused(request("x", "1").putPolicies("decimals", "loose"), "rounded, exact");
    assertRefused(request("x".repeat(1_100_000), "1"), "1100000 characters");
  }

  @Test
  void messagesOverTheSizeLimitAreRefused() {
    assertThatThrownBy(() -> judge.evaluate(request("x".repeat(5 << 20), "1").build()))
        .isInstanceOf(StatusRuntimeException.class)
        .extracting(e -> ((StatusRuntimeException) e).getStatus().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
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
    judge.evaluate(request("</think> \\boxed{x}", "1").build());
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

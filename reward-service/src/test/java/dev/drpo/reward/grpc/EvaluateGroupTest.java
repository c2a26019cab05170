package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.Candidate;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateGroupResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Collections;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EvaluateGroupTest {
  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

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
  void everyResponseGetsItsVerdictInOrder() {
    EvaluateGroupResponse response =
        judge.evaluateGroup(
            EvaluateGroupRequest.newBuilder()
                .addCandidates(response("<think> </think> \\boxed{7}"))
                .addCandidates(
                    response("</think> \\boxed{8")
                        .setFinishReason(FinishReason.FINISH_REASON_LENGTH))
                .addCandidates(Candidate.newBuilder().setAnswer("14/2"))
                .addCandidates(response(""))
                .addGolds("7")
                .setProblem("How many?")
                .setRequestId("g")
                .build());
    assertThat(response.getVerdictsList())
        .extracting(Verdict::getOutcome)
        .containsExactly(
            Outcome.OUTCOME_EQUAL,
            Outcome.OUTCOME_NO_ANSWER,
            Outcome.OUTCOME_EQUAL,
            Outcome.OUTCOME_NO_ANSWER);
    assertThat(response.getVerdictsList())
        .extracting(Verdict::getTruncated)
        .containsExactly(false, true, false, false);
    assertThat(response.getRequestId()).isEqualTo("g");
    assertThat(response.getVerifierVersion()).isNotEmpty();
  }

  @Test
  void aGroupIsRefusedWholeWithTheIndexOfTheFault() {
    EvaluateGroupRequest.Builder request =
        EvaluateGroupRequest.newBuilder().addCandidates(response("x")).addGolds("1");
    assertRefused(request.clone().addCandidates(Candidate.getDefaultInstance()), "candidates[1]");
    assertRefused(request.clone().clearGolds(), "no golds");
    assertRefused(request.clone().clearCandidates(), "0 candidates; give between 1 and 1024");
    assertRefused(
        request.clone().addAllCandidates(Collections.nCopies(1024, response("x").build())),
        "1025 candidates");
    assertRefused(request.clone().putConventions("percent", "maybe"), "lenient, typed");
  }

  private void assertRefused(EvaluateGroupRequest.Builder request, String reason) {
    assertThatThrownBy(() -> judge.evaluateGroup(request.build()))
        .hasMessageStartingWith("INVALID_ARGUMENT")
        .hasMessageContaining(reason);
  }

  private static Candidate.Builder response(String text) {
    return Candidate.newBuilder().setResponse(text);
  }
}

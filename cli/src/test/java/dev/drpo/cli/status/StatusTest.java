package dev.drpo.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.GroupCounts;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.runtime.messaging.TopicState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  @Test
  void aRunningRunShowsItsStepItsTopicsItsReplicasAndItsErrors() {
    assertThat(StatusText.lines(running(), NOW))
        .containsExactly(
            "run mine at broker:9092: training, step 3 of 40",
            "groups of this phase: 5 of 32 are there",
            "last step: accuracy 0.750, mean length 41.5, 2.0 s; 900 tokens/s, 80 s left",
            "groups: 128 sent out, 101 scored, 96 trained, 2 duplicates, 1 dead letters",
            "",
            "topic             records    removed    waiting  workers",
            "prompts                64          8         12  rollout-1, rollout-2",
            "scored                 32          0",
            "",
            "replica         version   groups   tokens/s  last group",
            "rollout-1             3       10        450  7 s ago",
            "",
            "last errors",
            "  dead letter of reward-1: it has no golds");
  }

  @Test
  void aRunThatHasEndedSaysSo() {
    assertThat(StatusText.lines(stopped(true), NOW))
        .containsExactly("run mine: complete, 40 steps");
    assertThat(StatusText.lines(stopped(false), NOW))
        .containsExactly("run mine: not running; 40 steps are done");
  }

  @Test
  void programsGetTheSameAsJson() throws Exception {
    assertThat(StatusJson.of(running()))
        .contains("\"run\" : \"mine\"", "\"state\" : \"training\"", "\"waiting\" : 12")
        .contains("\"name\" : \"rollout-1\"", "\"dispatched\" : 128", "it has no golds");
  }

  @Test
  void aReplicasSpeedIsThatOfItsTokensOverTheTimeInWhichItSampledThem() {
    List<ReplicaState> replicas =
        ReplicaState.of(
            List.of(
                group("b", 10_000, 1_000, 2, 100),
                group("a", 12_000, 1_000, 3, 300),
                group("a", 11_000, 1_000, 2, 300)));
    assertThat(replicas).extracting(ReplicaState::name).containsExactly("a", "b");
    assertThat(replicas.getFirst().version()).isEqualTo(3);
    assertThat(replicas.getFirst().groups()).isEqualTo(2);
    assertThat(replicas.getFirst().tokensPerSecond()).isCloseTo(300, within(1e-9));
    assertThat(replicas.getFirst().lastMillis()).isEqualTo(12_000);
  }

  private static RolloutGroup group(
      String replica, long createdAt, long sampling, long version, int tokens) {
    Rollout.Builder rollout =
        Rollout.newBuilder()
            .addVersions(
                VersionSpan.newBuilder()
                    .setVersion(PolicyVersion.newBuilder().setStep(version))
                    .setTokens(tokens));
    for (int i = 0; i < tokens; i++) {
      rollout.addTokens(i);
    }
    return RolloutGroup.newBuilder()
        .setReplica(replica)
        .setCreatedAtMillis(createdAt)
        .setSamplingMillis(sampling)
        .addRollouts(rollout)
        .build();
  }

  private static Standing running() {
    return new Standing(
        "mine",
        Optional.of("broker:9092"),
        Optional.of(
            GetStatusResponse.newBuilder()
                .setState(RunState.RUN_STATE_TRAINING)
                .setStepsDone(3)
                .setStepsTotal(40)
                .setPhaseGroupsDone(5)
                .setPhaseGroupsTotal(32)
                .setTokensPerSecond(900)
                .setSecondsLeft(80)
                .setLastStep(
                    StepSummary.newBuilder()
                        .setAccuracy(0.75)
                        .setMeanLength(41.5)
                        .setStepSeconds(2))
                .setGroups(
                    GroupCounts.newBuilder()
                        .setDispatched(128)
                        .setScored(101)
                        .setTrained(96)
                        .setDuplicates(2)
                        .setDeadLetters(1))
                .build()),
        3,
        false,
        List.of(
            new TopicState(
                "mine.drpo.prompts", 64, 8, OptionalLong.of(12), List.of("rollout-1", "rollout-2")),
            new TopicState("mine.drpo.scored", 32, 0, OptionalLong.empty(), List.of())),
        List.of(new ReplicaState("rollout-1", 3, 10, 450, NOW.minusSeconds(7).toEpochMilli())),
        List.of("dead letter of reward-1: it has no golds"));
  }

  private static Standing stopped(boolean complete) {
    return new Standing(
        "mine", Optional.empty(), Optional.empty(), 40, complete, List.of(), List.of(), List.of());
  }
}

package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import org.junit.jupiter.api.Test;

class SightingsTest {
  private final Sightings sightings = new Sightings();

  /** Two responses of three tokens each, which took a second until so many seconds. */
  private static RolloutGroup group(String replica, long second, long version) {
    Rollout rollout =
        Rollout.newBuilder()
            .addTokens(1)
            .addTokens(2)
            .addTokens(3)
            .addVersions(
                VersionSpan.newBuilder()
                    .setVersion(PolicyVersion.newBuilder().setStep(version))
                    .setTokens(3))
            .build();
    return RolloutGroup.newBuilder()
        .setReplica(replica)
        .setCreatedAtMillis(second * 1000)
        .setSamplingMillis(1000)
        .addRollouts(rollout)
        .addRollouts(rollout)
        .build();
  }

  @Test
  void aReplicaIsKnownByItsGroups() {
    sightings.sampled(group("b", 10, 3));
    sightings.sampled(group("b", 12, 4));
    sightings.sampled(group("a", 11, 5));
    // Twelve tokens from second 9 to second 12.
    assertThat(sightings.replicas())
        .containsExactly(
            new Sightings.Replica("a", 5, 1, 6, 11_000),
            new Sightings.Replica("b", 4, 2, 4, 12_000));
  }

  @Test
  void itsSpeedIsThatOfItsNewestGroups() {
    for (int second = 1; second <= 100; second++) {
      sightings.sampled(group("a", second, 1));
    }
    for (int second = 1000; second < 1032; second++) {
      sightings.sampled(group("a", second, 1));
    }
    assertThat(sightings.replicas().getFirst().groups()).isEqualTo(132);
    assertThat(sightings.replicas().getFirst().tokensPerSecond()).isEqualTo(6);
  }

  @Test
  void thoseWhoHaveBeenGoneForLongestMakeRoom() {
    for (int name = 0; name < 300; name++) {
      sightings.sampled(group("replica-" + name, name + 1, 1));
    }
    assertThat(sightings.replicas())
        .hasSize(256)
        .extracting(Sightings.Replica::name)
        .contains("replica-299", "replica-44")
        .doesNotContain("replica-43");
  }

  @Test
  void theLastDeadLettersAreHeldWithoutTheirRecords() {
    for (int i = 0; i < 30; i++) {
      sightings.buried(
          DeadLetter.newBuilder()
              .setReason("reason " + i)
              .setOriginalKey(ByteString.copyFromUtf8("key"))
              .setOriginalValue(ByteString.copyFromUtf8("value"))
              .build());
    }
    assertThat(sightings.letters()).hasSize(20);
    assertThat(sightings.letters().getFirst().getReason()).isEqualTo("reason 29");
    assertThat(sightings.letters())
        .allSatisfy(
            letter -> {
              assertThat(letter.getOriginalKey().isEmpty()).isTrue();
              assertThat(letter.getOriginalValue().isEmpty()).isTrue();
            });
  }
}

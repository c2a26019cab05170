package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTimesTest {
  private static ScoredGroup group(String replica, long start, long idle) {
    return ScoredGroup.newBuilder()
        .setGroup(
            RolloutGroup.newBuilder()
                .setReplica(replica)
                .setTaskCreatedAtMillis(start)
                .setSamplingMillis(3000)
                .setCreatedAtMillis(start + 5000)
                .setIdleMillis(idle))
        .setJudgingMillis(100)
        .setCreatedAtMillis(start + 5500)
        .build();
  }

  @Test
  void everyPartOfAGroupsWayIsTold() {
    GroupTimes times =
        GroupTimes.of(
            List.of(group("a", 1000, 250), group("a", 3000, 250), group("b", 5000, 0)), 10_500);
    assertThat(times).isEqualTo(new GroupTimes(0.25, 2, 3, 0.4, 0.1, 2));
  }

  @Test
  void clocksThatDifferMakeNoNegativeTimes() {
    assertThat(GroupTimes.of(List.of(group("a", 10_000, 0)), 11_000).scoredQueue()).isZero();
  }

  @Test
  void groupsThatDoNotSayWhenTheyWereAskedForAreLeftOut() {
    ScoredGroup old =
        ScoredGroup.newBuilder()
            .setGroup(RolloutGroup.newBuilder().setCreatedAtMillis(9000).setSamplingMillis(1000))
            .setCreatedAtMillis(9500)
            .build();
    assertThat(GroupTimes.of(List.of(old), 10_000).promptQueue()).isNaN();
    assertThat(GroupTimes.of(List.of(old, group("a", 1000, 0)), 10_000).promptQueue()).isEqualTo(2);
    assertThat(GroupTimes.NONE.replicaWait()).isNaN();
  }
}

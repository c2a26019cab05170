package dev.drpo.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules are worth as much as the bugs that they find. */
class PlantedBugsTest {
  private static final int MOST_SCHEDULES = 6000;

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aPlantedBugIsFound(PlantedBug bug) {
    Optional<List<String>> violations =
        LongStream.range(first(bug), MOST_SCHEDULES)
            .mapToObj(Schedule::new)
            // It needs a learner that makes other versions when it goes back.
            .filter(schedule -> !isOfTakenBackTasks(bug) || !schedule.setting().repeatable())
            .map(schedule -> schedule.run(bug))
            .filter(result -> !result.isGood())
            .map(Schedule.Result::violations)
            .findFirst();
    assertThat(violations).isPresent();
    assertThat(violations.orElseThrow()).anyMatch(violation -> violation.contains(sign(bug)));
  }

  /** Where the search begins: one bug shows in so few schedules that finding it takes a minute. */
  private static long first(PlantedBug bug) {
    return bug == PlantedBug.RETENTION_TOO_SHORT ? 2400 : 1;
  }

  private static boolean isOfTakenBackTasks(PlantedBug bug) {
    return bug == PlantedBug.TAKEN_BACK_TASKS_KEPT;
  }

  /** What gives a bug away. */
  private static String sign(PlantedBug bug) {
    return switch (bug) {
      case NONE -> throw new IllegalArgumentException("there is nothing to find");
      case DEDUPLICATION_OFF -> "learned from a prompt twice";
      case LEASES_NEVER_EXPIRE,
          OFFSETS_COMMITTED_BEFORE_THE_STEP,
          TAKEN_BACK_TASKS_KEPT,
          LOST_TOPICS_LEFT ->
          "the run does not end";
      case ACKNOWLEDGED_BEFORE_PUBLICATION, RETENTION_TOO_SHORT -> "tasks were lost";
      case CHECKPOINT_BEFORE_THE_UPDATE -> "the steps of the final policy are";
      case UNKNOWN_WEIGHTS_ACCEPTED -> "which are not the run's";
      case ORDER_OF_ARRIVAL -> "its order is";
    };
  }
}

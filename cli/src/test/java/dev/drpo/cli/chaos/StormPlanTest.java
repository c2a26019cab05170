package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StormPlanTest {
  private static final StormPlan.Scope SCOPE =
      new StormPlan.Scope(120, 10, Duration.ofSeconds(7), true);

  @Test
  void aPlanIsAFunctionOfItsSeed() {
    assertThat(StormPlan.of(7, SCOPE)).isEqualTo(StormPlan.of(7, SCOPE));
    assertThat(StormPlan.of(7, SCOPE)).isNotEqualTo(StormPlan.of(8, SCOPE));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, -5})
  void aStormHasTheKillsThatWereAskedForAndOneOfEachOtherFault(long seed) {
    StormPlan plan = StormPlan.of(seed, SCOPE);
    assertThat(plan.kills()).isEqualTo(10);
    Set<String> kinds =
        plan.strikes().stream()
            .map(strike -> strike.fault().getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(kinds)
        .containsExactly("ClockJump", "DamagedChunk", "Hang", "Kill", "LateChunk", "Restart");
    assertThat(killed(plan)).contains(Crew.NAMES).anyMatch(targets -> targets.size() == 2);
    assertThat(killed(plan).stream().filter(targets -> targets.size() == 1).flatMap(List::stream))
        .as("single kills, over a deck of all processes")
        .hasSizeGreaterThanOrEqualTo(6)
        .doesNotContainNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, -5})
  void strikesComeInTheOrderOfTheRunAndBeforeItsEnd(long seed) {
    List<Integer> moments =
        StormPlan.of(seed, SCOPE).strikes().stream().map(Strike::groups).toList();
    assertThat(moments).isSorted().allMatch(groups -> groups >= 0 && groups < 120);
  }

  @Test
  void clocksAreLeftAloneWhereTheyCanNotBeSet() {
    StormPlan.Scope scope = new StormPlan.Scope(120, 10, Duration.ofSeconds(7), false);
    assertThat(StormPlan.of(7, scope).strikes())
        .noneMatch(strike -> strike.fault() instanceof Fault.ClockJump);
  }

  @Test
  void lossesAreStruckOneAfterTheOtherAndToldByTheirMoments() {
    StormPlan plan = StormPlan.ofLosses(7, List.of(Moment.WAITING, Moment.ENDED));
    assertThat(plan.strikes())
        .extracting(strike -> strike.description(8))
        .containsExactly(
            "kill the broker and delete its data, while a step waits for its groups",
            "kill the broker and delete its data, after the end");
  }

  @Test
  void aStrikeIsToldByItsPlaceInTheRun() {
    assertThat(new Strike(11, Duration.ofMillis(130), new Fault.Kill(List.of("broker", "learner"))))
        .extracting(strike -> strike.description(8))
        .isEqualTo("after group 3 of step 2, 130 ms later: kill broker and learner");
  }

  private static List<List<String>> killed(StormPlan plan) {
    return plan.strikes().stream()
        .map(Strike::fault)
        .filter(Fault.Kill.class::isInstance)
        .map(fault -> ((Fault.Kill) fault).targets())
        .toList();
  }
}

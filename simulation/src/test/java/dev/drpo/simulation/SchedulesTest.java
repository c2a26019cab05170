package dev.drpo.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Thousands of random schedules, each of them a function of its seed. */
class SchedulesTest {
  private static final int MOST_SHOWN = 3;

  private final long first = Long.getLong("simulation.first", 1);
  private final long count = Long.getLong("simulation.schedules", 10_000);
  private final AtomicLong next = new AtomicLong(first);
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong lives = new AtomicLong();
  private final AtomicLong struck = new AtomicLong();
  private final Map<Long, Schedule.Result> failed = new ConcurrentSkipListMap<>();

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void whateverDiesEveryPromptIsTrainedOnOnceAndThePolicyIsThatOfTheCalmRun() {
    long begin = System.nanoTime();
    runAll();
    System.out.printf(
        "%d schedules: %d steps of %d processes, %d faults, in %.1f s%n",
        count, steps.get(), lives.get(), struck.get(), (System.nanoTime() - begin) / 1e9);
    failed.forEach(
        (seed, result) ->
            assertThat(result.violations())
                .as(() -> new Schedule(seed).explain(PlantedBug.NONE))
                .isEmpty());
    // Faults that come when all is over would prove nothing.
    assertThat(struck.get()).isGreaterThan(2 * count);
  }

  private void runAll() {
    for (long seed = next.getAndIncrement();
        seed < first + count && failed.size() < MOST_SHOWN;
        seed = next.getAndIncrement()) {
      Schedule.Result result = new Schedule(seed).run(PlantedBug.NONE);
      steps.addAndGet(result.steps());
      lives.addAndGet(result.lives());
      struck.addAndGet(result.struck());
      if (!result.isGood()) {
        failed.put(seed, result);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = "\\d+")
  void theScheduleOfASeedIsGood() {
    Schedule schedule = new Schedule(Long.getLong("simulation.seed"));
    Trace trace = Trace.on();
    Schedule.Result result = schedule.run(schedule.faults(), PlantedBug.NONE, trace);
    trace.events().forEach(System.out::println);
    assertThat(result.violations()).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameSchedule() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(traced(seed)).isEqualTo(traced(seed));
    }
  }

  private static Object traced(long seed) {
    Schedule schedule = new Schedule(seed);
    Trace trace = Trace.on();
    schedule.run(schedule.faults(), PlantedBug.NONE, trace);
    return trace.events();
  }
}

package dev.drpo.simulation;

import dev.drpo.learner.run.SimulatedLearner;
import dev.drpo.runtime.tracing.Tracing;
import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Host;
import dev.drpo.simulation.machine.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** One way that a run may go: everything about it follows from its seed. */
record Schedule(long seed) {
  /** What the services would say to a person, ten thousand times over. */
  private static final List<Logger> LOGS =
      Stream.of("dev.drpo", "org.apache.kafka").map(Logger::getLogger).toList();

  private static final Map<Setting, SimulatedLearner.Done> CALM = new ConcurrentHashMap<>();

  static {
    LOGS.forEach(log -> log.setLevel(Level.OFF));
  }

  /**
   * What came of a schedule.
   *
   * @param violations of what is promised
   * @param steps that its threads took
   * @param lives processes that there were
   * @param struck faults that came before the end
   * @param nanos how long it took by its own time
   */
  record Result(List<String> violations, long steps, long lives, int struck, long nanos) {
    boolean isGood() {
      return violations.isEmpty();
    }
  }

  Setting setting() {
    return Setting.ALL.get((int) Math.floorMod(seed, (long) Setting.ALL.size()));
  }

  List<Fault> faults() {
    return Fault.draw(new Chance(~seed));
  }

  Result run(PlantedBug bug) {
    return run(faults(), bug, Trace.off());
  }

  /** Runs it with other faults than its own. */
  Result run(List<Fault> faults, PlantedBug bug, Trace trace) {
    return inFolder(
        folder -> {
          World world = new World(setting(), seed, faults, bug, folder, trace);
          Scheduler.Ending ending = world.run();
          List<String> violations = new ArrayList<>(world.complaints());
          if (ending == Scheduler.Ending.DONE) {
            violations.addAll(Audit.of(world, calm()));
          } else {
            violations.add(
                "the run does not end: %s after %.1f s and %d steps"
                    .formatted(ending, world.scheduler().now() / 1e9, world.scheduler().steps()));
          }
          return new Result(
              List.copyOf(violations),
              world.scheduler().steps(),
              world.services().stream().mapToLong(Service::lives).sum(),
              world.faults().struck(),
              world.scheduler().now());
        });
  }

  /** The same run where nothing goes wrong; empty where runs need not be equal. */
  private Optional<SimulatedLearner.Done> calm() {
    return setting().isPure()
        ? Optional.of(CALM.computeIfAbsent(setting(), Schedule::runCalm))
        : Optional.empty();
  }

  private static SimulatedLearner.Done runCalm(Setting setting) {
    return inFolder(
        folder -> {
          World world = new World(setting, 0, List.of(), PlantedBug.NONE, folder, Trace.off());
          world.run();
          return world.done().orElseThrow();
        });
  }

  /**
   * Runs it with some faults, traced.
   *
   * @param look looks at what it leaves
   */
  <T> T traced(List<Fault> faults, Function<Host, Tracing> tracing, Function<World, T> look) {
    return inFolder(
        folder -> {
          World world = new World(setting(), seed, faults, PlantedBug.NONE, folder, Trace.off());
          world.trace(tracing);
          world.run();
          return look.apply(world);
        });
  }

  private interface InFolder<T> {
    T with(Path folder) throws IOException;
  }

  /** In memory where that is to be had, since checkpoints are forced to disk. */
  private static <T> T inFolder(InFolder<T> use) {
    Path memory = Path.of("/dev/shm");
    try {
      Path folder =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "drpo-simulation-")
              : Files.createTempDirectory("drpo-simulation-");
      try {
        return use.with(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The violations, the faults that they take, how to see them again, and what happened. */
  String explain(PlantedBug bug) {
    List<Fault> few = fewest(bug);
    Trace trace = Trace.on();
    Result result = run(few, bug, trace);
    return """
        seed %d (%s) violates:
          %s
        with these of its faults:
          %s
        see it again by -Dtest=SchedulesTest -Dsimulation.seed=%d
        what happened:
          %s
        """
        .formatted(
            seed,
            setting().name(),
            String.join("\n  ", result.violations()),
            String.join("\n  ", few.stream().map(Fault::toString).toList()),
            seed,
            String.join("\n  ", trace.events()));
  }

  /** Leaves out one fault after the other, as long as something is still wrong. */
  private List<Fault> fewest(PlantedBug bug) {
    List<Fault> few = new ArrayList<>(faults());
    for (int i = few.size() - 1; i >= 0; i--) {
      List<Fault> fewer = new ArrayList<>(few);
      fewer.remove(i);
      if (!run(fewer, bug, Trace.off()).isGood()) {
        few = fewer;
      }
    }
    return few;
  }
}

package dev.drpo.cli.rehearse;

import dev.drpo.benchmarks.machine.ProcessMemory;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Follows the memory of the services that this process starts. The system keeps each one's peak, so
 * that looking now and then misses what is taken in a process's last moments only.
 */
final class PeakWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 250;

  /** Folders of the services, as they stand in the commands that start them. */
  private static final List<String> SERVICES =
      List.of("broker", "reward-service", "learner-service", "rollout-service");

  private final Map<String, Peak> peaks = new TreeMap<>();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("peak-watch").factory());

  PeakWatch() {
    var _ = looking.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * The most that a service had resident, in bytes.
   *
   * @param all with the pages of files that it mapped, which the system may take back
   * @param own without them
   */
  record Peak(long all, long own) {
    Peak max(Peak other) {
      return new Peak(Math.max(all, other.all), Math.max(own, other.own));
    }
  }

  private void look() {
    try (Stream<ProcessHandle> children = ProcessHandle.current().children()) {
      children.forEach(child -> service(child).ifPresent(name -> record(name, child.pid())));
    }
  }

  private void record(String service, long processId) {
    try {
      ProcessMemory memory = ProcessMemory.of(processId);
      Peak seen = new Peak(memory.peak(), memory.anonymous());
      synchronized (peaks) {
        peaks.merge(service, seen, Peak::max);
      }
    } catch (UncheckedIOException e) {
      // It has ended since it was listed.
    }
  }

  private static Optional<String> service(ProcessHandle process) {
    String command = String.join(" ", process.info().arguments().orElse(new String[0]));
    return SERVICES.stream().filter(name -> command.contains("/" + name + "/")).findFirst();
  }

  /** Peaks by service. */
  Map<String, Peak> peaks() {
    synchronized (peaks) {
      return new TreeMap<>(peaks);
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}

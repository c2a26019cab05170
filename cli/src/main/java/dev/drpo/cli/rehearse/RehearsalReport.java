package dev.drpo.cli.rehearse;

import dev.drpo.planning.Overhead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a rehearsal took.
 *
 * @param seconds of its parts, in order
 * @param steps of which {@code metrics.jsonl} has a line
 * @param memory of each service
 */
record RehearsalReport(Map<String, Double> seconds, List<Step> steps, List<Memory> memory) {

  /** A training step, in seconds. */
  record Step(long step, double rollout, double learn, double all, double accuracy) {}

  /**
   * A service's memory, in bytes.
   *
   * @param planned for tensors and the process; empty where it plans none
   */
  record Memory(String service, PeakWatch.Peak peak, OptionalLong planned) {}

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    seconds.forEach(
        (part, time) -> lines.add(String.format(Locale.ROOT, "%-44s %8.1f s", part, time)));
    for (Step step : steps) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  step %d: %.1f s, of which rollouts %.1f s and learning %.1f s; accuracy %.2f",
              step.step(),
              step.all(),
              step.rollout(),
              step.learn(),
              step.accuracy()));
    }
    lines.add("");
    lines.add(row("peak memory", "resident", "of its own", "planned", "own / planned"));
    for (Memory service : memory) {
      PeakWatch.Peak peak = service.peak();
      boolean plans = service.planned().isPresent();
      long planned = service.planned().orElse(0);
      lines.add(
          row(
              service.service(),
              gigabytes(peak.all()),
              gigabytes(peak.own()),
              plans ? gigabytes(planned) : "",
              plans ? String.format(Locale.ROOT, "%.2f", (double) peak.own() / planned) : ""));
    }
    lines.add(
        "of its own: less the pages of mapped files; planned: for tensors, by its log, and %s beside"
            .formatted(gigabytes(Overhead.HOST_OF_CPU)));
    return lines;
  }

  private static String row(
      String service, String resident, String own, String planned, String beside) {
    return "%-16s %14s %14s %14s %14s"
        .formatted(service, resident, own, planned, beside)
        .stripTrailing();
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}

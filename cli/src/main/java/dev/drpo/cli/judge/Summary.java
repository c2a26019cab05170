package dev.drpo.cli.judge;

import dev.drpo.judge.verdict.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person is told at the end of a stream. */
final class Summary {
  private static final double NANOS_PER_SECOND = 1e9;

  private Summary() {}

  static List<String> lines(Tally tally, Duration elapsed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "judged %,d %s in %.2f s, %,.0f verdicts/s%s",
            tally.judged(),
            tally.judged() == 1 ? "line" : "lines",
            seconds(elapsed),
            tally.judged() / Math.max(seconds(elapsed), 1e-9),
            tally.malformed() == 0 ? "" : malformed(tally)));
    for (Outcome outcome : Outcome.values()) {
      if (tally.of(outcome) > 0) {
        lines.add(String.format(Locale.ROOT, "  %-16s%,10d", outcome, tally.of(outcome)));
      }
    }
    if (2 * tally.withoutThinkEnd() > tally.judged()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%,d responses have no </think>, so their answers were not looked at; pass --convention"
                  + " require-think=false if the model does not reason aloud",
              tally.withoutThinkEnd()));
    }
    return lines;
  }

  private static String malformed(Tally tally) {
    return String.format(
        Locale.ROOT, "; %,d malformed, each with an error in the output", tally.malformed());
  }

  private static double seconds(Duration elapsed) {
    return elapsed.toNanos() / NANOS_PER_SECOND;
  }
}

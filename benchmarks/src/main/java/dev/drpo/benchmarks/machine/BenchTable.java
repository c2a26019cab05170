package dev.drpo.benchmarks.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures with their targets and how they relate, in aligned columns. */
public final class BenchTable {
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final List<String> lines = new ArrayList<>();

  public BenchTable() {
    lines.add(row("", "measured", "target", "measured/target", ""));
  }

  /** A heading over the rows that follow. */
  public void heading(String text) {
    lines.add(text);
  }

  public void rate(String name, double perSecond) {
    lines.add(row("  " + name, perSecond(perSecond), "", "", ""));
  }

  public void rate(String name, double perSecond, Target target) {
    lines.add(row(name, perSecond(perSecond), target, perSecond, perSecond(target.bound())));
  }

  public void latency(String name, Duration latency) {
    lines.add(row("  " + name, time(toMilliseconds(latency)), "", "", ""));
  }

  /** A latency against a target in milliseconds. */
  public void latency(String name, Duration latency, Target target) {
    double measured = toMilliseconds(latency);
    lines.add(row(name, time(measured), target, measured, time(target.bound())));
  }

  /** A figure in any unit. */
  public void figure(String name, String measured) {
    lines.add(row("  " + name, measured, "", "", ""));
  }

  /**
   * A figure in any unit against a target.
   *
   * @param figure in the target's unit
   */
  public void figure(String name, String measured, Target target, double figure, String bound) {
    lines.add(row(name, measured, target, figure, bound));
  }

  /** Words about the row before. */
  public void note(String text) {
    lines.add("    " + text);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  private static String row(
      String name, String measured, Target target, double figure, String bound) {
    return row(
        "  " + name,
        measured,
        switch (target) {
          case Target.AtLeast _ -> "at least " + bound;
          case Target.AtMost _ -> "at most " + bound;
        },
        String.format(Locale.ROOT, "%.3f", figure / target.bound()),
        target.isMetBy(figure) ? "met" : "missed");
  }

  private static String row(
      String name, String measured, String target, String ratio, String result) {
    return "%-34s %12s  %-18s %15s  %s"
        .formatted(name, measured, target, ratio, result)
        .stripTrailing();
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }

  private static String time(double milliseconds) {
    return milliseconds < 1
        ? String.format(Locale.ROOT, "%.1f µs", 1000 * milliseconds)
        : String.format(Locale.ROOT, "%.1f ms", milliseconds);
  }

  private static double toMilliseconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLISECOND;
  }
}

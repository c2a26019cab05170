package dev.drpo.benchmarks.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as lines for people. */
public final class DeviceTable {
  private DeviceTable() {}

  /** The lines. */
  public static List<String> lines(DeviceReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "examined %s at shape %s in %.0f s",
            report.device(),
            report.shape(),
            report.seconds()));
    for (PartReport part : report.parts()) {
      lines.add("");
      lines.add(part.part().title());
      part.failures().forEach(failure -> lines.add("  FAILED  it has no figures: " + failure));
      for (Check check : part.checks()) {
        lines.add(
            row(
                check.passed() ? "ok" : "FAILED",
                check.name(),
                check.value(),
                "<= " + number(check.most()),
                check.unit(),
                check.meaning()));
      }
      for (Figure figure : part.figures()) {
        lines.add(row("", figure.name(), figure.value(), "", figure.unit(), figure.meaning()));
      }
      part.checks().stream()
          .map(Check::reason)
          .distinct()
          .forEach(reason -> lines.add("  bounds  " + reason));
      part.notes().forEach(note -> lines.add("  note    " + note));
    }
    return lines;
  }

  private static String row(
      String status, String name, double value, String bound, String unit, String words) {
    return "  %-6s  %-66s %9s %-11s %-8s  %s"
        .formatted(status, name, number(value), bound, unit, words);
  }

  /** Three digits that count, or whole numbers. */
  private static String number(double value) {
    double size = Math.abs(value);
    if (value == 0 || !Double.isFinite(value)) {
      return Double.toString(value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 0.1 ? "%.3f" : "%.2e", value);
  }
}

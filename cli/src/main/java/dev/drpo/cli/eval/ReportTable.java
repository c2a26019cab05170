package dev.drpo.cli.eval;

import dev.drpo.evaluation.Interval;
import dev.drpo.evaluation.SetEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an evaluation found, as a table for people. */
final class ReportTable {
  private static final String GAP = "  ";

  private ReportTable() {}

  /** The lines, the heads first. */
  static List<String> lines(Report report) {
    SetEvaluation first = report.sets().getFirst().found();
    int k = first.passAtK().lastKey();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "set",
            "problems",
            "samples",
            "accuracy",
            "95% interval",
            "pass@" + k,
            "maj@" + k,
            "length",
            "right",
            "wrong",
            "truncated",
            "no answer",
            "AES"));
    report.sets().forEach(entry -> rows.add(row(entry, k)));
    if (report.sets().size() > 1) {
      rows.add(
          List.of(
              "average",
              "",
              "",
              share(report.accuracy()),
              "",
              "",
              "",
              length(report.length()),
              "",
              "",
              "",
              "",
              score(report.efficiency())));
    }
    return aligned(rows);
  }

  private static List<String> row(Report.Entry entry, int k) {
    SetEvaluation found = entry.found();
    Interval interval = found.accuracy().interval();
    return List.of(
        entry.name(),
        count(found.problems()),
        count(found.samples()),
        share(found.accuracy().mean()),
        share(interval.low()) + " to " + share(interval.high()),
        share(found.passAtK().get(k)),
        share(found.majAtK().get(k)),
        length(found.length().mean()),
        length(found.right().mean()),
        length(found.wrong().mean()),
        percent(found.truncated(), found.samples()),
        percent(found.formatFailures(), found.samples()),
        score(entry.efficiency()));
  }

  /** Names to the left, numbers to the right. */
  private static List<String> aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String padding = " ".repeat(widths[c] - row.get(c).length());
        line.append(c == 0 ? row.get(c) + padding : GAP + padding + row.get(c));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static String count(int value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String length(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%,.1f", value);
  }

  private static String percent(int part, int whole) {
    return String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
  }

  private static String score(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%+.3f", value);
  }
}

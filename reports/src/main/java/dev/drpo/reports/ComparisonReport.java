package dev.drpo.reports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a comparison found: {@code comparison.md}, {@code comparison.html}, the frontier and the
 * training curves as SVG and PNG, and {@code runs.csv} with a line for each run.
 */
public final class ComparisonReport {
  private ComparisonReport() {}

  /**
   * Writes all files into a folder.
   *
   * @param title of the comparison
   * @param runs at least one; those of a method and strength with one learning rate
   * @throws IOException if a file can't be written, or no plot can be drawn on this machine
   */
  public static void write(Path folder, String title, Collection<ComparedRun> runs)
      throws IOException {
    List<ComparedMethod> points = ComparedMethod.of(runs);
    Files.createDirectories(folder);
    text(folder.resolve("runs.csv"), runsCsv(runs));
    List<Plot> plots = ComparisonPlots.of(points);
    for (Plot plot : plots) {
      ReportWriter.replace(folder.resolve(plot.name() + ".png"), plot.png());
      text(folder.resolve(plot.name() + ".svg"), plot.svg());
    }
    text(folder.resolve("comparison.md"), markdown(title, points, plots));
    text(
        folder.resolve("comparison.html"),
        HtmlReport.page(
            title,
            about(points),
            reading(points),
            "",
            plots,
            HtmlReport.wide("Methods", methods(points))
                + HtmlReport.wide(against(points), differences(points))
                + HtmlReport.wide("Accuracy by difficulty", levels(points)),
            ""));
  }

  private static String markdown(String title, List<ComparedMethod> points, List<Plot> plots) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(MarkdownReport.escape(title)).append("\n\n");
    text.append(MarkdownReport.escape(about(points))).append("\n\n");
    text.append(MarkdownReport.escape(reading(points))).append("\n\n");
    for (Plot plot : plots) {
      text.append("![%s](%s.png)%n%n".formatted(plot.alternative(), plot.name()));
    }
    MarkdownReport.section(text, "Methods", methods(points));
    MarkdownReport.section(text, against(points), differences(points));
    MarkdownReport.section(text, "Accuracy by difficulty", levels(points));
    return text.toString().stripTrailing() + "\n";
  }

  private static String about(List<ComparedMethod> points) {
    RunReport one = points.getFirst().runs().getFirst().report();
    String digest = one.repeatability().startingPolicyDigest();
    return "%d runs of %d steps on %s from the policy %s%s"
        .formatted(
            points.stream().mapToInt(point -> point.runs().size()).sum(),
            one.steps(),
            one.task(),
            lastNames(Path.of(one.model())),
            digest.isEmpty()
                ? ""
                : ", digest " + digest.substring(0, Math.min(12, digest.length())));
  }

  /** A report is handed on, and where its policy lay on some machine says nothing to others. */
  private static Path lastNames(Path path) {
    int names = path.getNameCount();
    return path.subpath(Math.max(0, names - 2), names);
  }

  /** Which points no other point beats in both accuracy and length. */
  private static String reading(List<ComparedMethod> points) {
    return "No other point is both more accurate and shorter than: "
        + points.stream()
            .filter(point -> points.stream().noneMatch(other -> dominates(other, point)))
            .map(
                point ->
                    "%s (%s, %s tokens)"
                        .formatted(
                            name(point),
                            Numbers.percent(point.accuracy()),
                            Numbers.decimal(point.length())))
            .collect(Collectors.joining("; "))
        + ". Intervals say which of these differences are more than chance.";
  }

  private static boolean dominates(ComparedMethod a, ComparedMethod b) {
    return a.accuracy() >= b.accuracy()
        && a.length() <= b.length()
        && (a.accuracy() > b.accuracy() || a.length() < b.length());
  }

  private static String name(ComparedMethod point) {
    return point.strength().isEmpty() ? point.method() : point.method() + ", " + point.strength();
  }

  private static Table methods(List<ComparedMethod> points) {
    List<List<String>> rows = new ArrayList<>();
    for (ComparedMethod point : points) {
      rows.add(
          List.of(
              point.method(),
              point.strength(),
              Numbers.significant(point.learningRate()),
              String.valueOf(point.runs().size()),
              Numbers.percent(point.accuracy()),
              interval(point.accuracyInterval(), 100),
              Numbers.percent(point.worstAccuracy()),
              Numbers.decimal(point.length()),
              interval(point.lengthInterval(), 1),
              Numbers.signed(point.aes()),
              Numbers.decimal(point.lengthRight()),
              Numbers.decimal(point.lengthWrong()),
              Numbers.decimal(point.withoutSignal()),
              Numbers.percent(point.pushedDown())));
    }
    return new Table(
        List.of(
            "method",
            "strength",
            "learning rate",
            "seeds",
            "accuracy",
            "95% interval",
            "worst seed",
            "length",
            "95% interval",
            "AES",
            "length right",
            "length wrong",
            "groups without signal",
            "right pushed down"),
        rows);
  }

  /** The first method at its best strength, which the others are held against. */
  private static ComparedMethod reference(List<ComparedMethod> points) {
    String first = points.getFirst().method();
    return points.stream()
        .filter(point -> point.method().equals(first))
        .max(Comparator.comparingDouble(ComparedMethod::aes))
        .orElseThrow();
  }

  private static String against(List<ComparedMethod> points) {
    return "Less " + name(reference(points)) + ", on the same seeds and problems";
  }

  private static Table differences(List<ComparedMethod> points) {
    ComparedMethod reference = reference(points);
    List<List<String>> rows = new ArrayList<>();
    for (ComparedMethod point : points) {
      if (point == reference) {
        continue;
      }
      Optional<PairedDifference> difference = PairedDifference.of(point, reference);
      rows.add(
          List.of(
              point.method(),
              point.strength(),
              String.valueOf(difference.map(PairedDifference::seeds).orElse(0)),
              signed(difference.map(PairedDifference::accuracy), 100),
              signedInterval(difference.map(PairedDifference::accuracyInterval), 100),
              signed(difference.map(PairedDifference::length), 1),
              signedInterval(difference.map(PairedDifference::lengthInterval), 1)));
    }
    return new Table(
        List.of(
            "method",
            "strength",
            "seeds",
            "accuracy [points]",
            "95% interval",
            "length [tokens]",
            "95% interval"),
        rows);
  }

  private static String signed(Optional<Double> value, double scale) {
    return value
        .map(known -> String.format(Locale.ROOT, "%+.1f", scale * known))
        .orElseGet(() -> Numbers.decimal(Double.NaN));
  }

  private static String signedInterval(Optional<Interval> interval, double scale) {
    return interval
        .map(
            known ->
                String.format(
                    Locale.ROOT, "%+.1f to %+.1f", scale * known.low(), scale * known.high()))
        .orElseGet(() -> Numbers.decimal(Double.NaN));
  }

  private static Table levels(List<ComparedMethod> points) {
    SortedSet<String> levels = new TreeSet<>();
    points.forEach(point -> levels.addAll(point.accuracyByLevel().keySet()));
    List<String> header = new ArrayList<>(List.of("method", "strength"));
    levels.forEach(level -> header.add("level " + level));
    List<List<String>> rows = new ArrayList<>();
    for (ComparedMethod point : points) {
      List<String> row = new ArrayList<>(List.of(point.method(), point.strength()));
      for (String level : levels) {
        row.add(Numbers.percent(point.accuracyByLevel().getOrDefault(level, Double.NaN)));
      }
      rows.add(row);
    }
    return new Table(header, rows);
  }

  private static String interval(Interval interval, double scale) {
    return Double.isNaN(interval.low())
        ? Numbers.decimal(Double.NaN)
        : String.format(
            Locale.ROOT, "%.1f to %.1f", scale * interval.low(), scale * interval.high());
  }

  private static String runsCsv(Collection<ComparedRun> runs) {
    List<List<String>> rows = new ArrayList<>();
    for (ComparedRun run : runs) {
      RunReport report = run.report();
      rows.add(
          List.of(
              run.method(),
              run.strength(),
              String.valueOf(run.learningRate()),
              String.valueOf(run.seed()),
              String.valueOf(report.after().accuracy()),
              String.valueOf(report.after().meanLength()),
              String.valueOf(report.aes()),
              report.policyDigest(),
              report.repeatability().startingPolicyDigest(),
              report.repeatability().dataDigest(),
              report.repeatability().configurationDigest()));
    }
    return csv(
        new Table(
            List.of(
                "method",
                "strength",
                "learningRate",
                "seed",
                "accuracy",
                "meanLength",
                "aes",
                "policyDigest",
                "startingPolicyDigest",
                "dataDigest",
                "configurationDigest"),
            rows));
  }

  private static String csv(Table table) {
    StringBuilder text = new StringBuilder();
    line(text, table.header());
    table.rows().forEach(row -> line(text, row));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(ComparisonReport::cell).collect(Collectors.joining(",")))
        .append('\n');
  }

  /** RFC 4180. */
  private static String cell(String value) {
    return value.matches("[^,\"\\r\\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static void text(Path file, String text) throws IOException {
    ReportWriter.replace(file, text.getBytes(StandardCharsets.UTF_8));
  }
}

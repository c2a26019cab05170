package dev.drpo.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code report.html}: one file that needs nothing beside it, and no network. It is well-formed XML
 * as well, so that tools can read it.
 */
final class HtmlReport {
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  private HtmlReport() {}

  static String render(RunReport report, List<StepMetrics> steps, List<Plot> plots) {
    return page(
        "Run " + report.run(),
        report.objective() + " on " + report.task(),
        Findings.of(report),
        cards(report),
        plots,
        tables(report, steps),
        glossary());
  }

  /**
   * A page in the report's look.
   *
   * @param cards HTML, as are tables and glossary
   */
  static String page(
      String title,
      String about,
      String findings,
      String cards,
      List<Plot> plots,
      String tables,
      String glossary) {
    Map<String, String> slots =
        Map.of(
            "title", escape(title),
            "about", escape(about),
            "findings", escape(findings),
            "light", Palette.properties(Palette::lightCss),
            "dark", Palette.properties(Palette::darkCss),
            "cards", cards,
            "figures", plots.stream().map(HtmlReport::figure).collect(Collectors.joining("\n")),
            "tables", tables,
            "glossary", glossary);
    return SLOT.matcher(template())
        .replaceAll(slot -> Matcher.quoteReplacement(slots.get(slot.group(1))));
  }

  private static String cards(RunReport report) {
    Evaluation before = report.before();
    Evaluation after = report.after();
    return card(
            "Accuracy",
            Numbers.percent(after.accuracy()),
            "from " + Numbers.percent(before.accuracy()))
        + card(
            "Mean length",
            Numbers.decimal(after.meanLength()) + " tokens",
            "from " + Numbers.decimal(before.meanLength()))
        + card("Accuracy-efficiency score", Numbers.signed(report.aes()), "against the start")
        + card(
            "Training",
            Numbers.duration(report.trainingSeconds()),
            Numbers.count(report.steps()) + " steps");
  }

  static String card(String title, String value, String note) {
    return "<div class=\"card\"><h3>%s</h3><p class=\"value\">%s</p><p>%s</p></div>\n"
        .formatted(escape(title), escape(value), escape(note));
  }

  private static String figure(Plot plot) {
    return "<figure>%s<figcaption>%s</figcaption></figure>"
        .formatted(ThemedSvg.of(plot), escape(plot.alternative()));
  }

  private static String tables(RunReport report, List<StepMetrics> steps) {
    String tables =
        "<section><h2>Before and after</h2>%s</section>\n<section><h2>The run</h2>%s</section>\n"
            .formatted(table(Table.outcome(report)), table(Table.run(report)));
    return tables
        + Table.sets(report).map(table -> wide("By set", table)).orElse("")
        + Table.evaluations(report).map(table -> wide("Evaluations", table)).orElse("")
        + (steps.isEmpty() ? "" : wide("Training steps", Table.steps(steps)));
  }

  static String wide(String title, Table table) {
    return "<section class=\"wide\"><h2>%s</h2>%s</section>\n".formatted(title, table(table));
  }

  private static String glossary() {
    return Arrays.stream(Glossary.Section.values())
        .map(
            section ->
                "<details><summary>%s <span>%s</span></summary>%s</details>"
                    .formatted(
                        escape(section.title()),
                        escape(section.place()),
                        table(Table.glossary(section))))
        .collect(Collectors.joining("\n"));
  }

  private static String table(Table table) {
    String header =
        table.header().stream()
            .map(cell -> "<th scope=\"col\">" + escape(cell) + "</th>")
            .collect(Collectors.joining());
    String rows =
        table.rows().stream()
            .map(
                row ->
                    row.stream()
                        .skip(1)
                        .map(cell -> "<td>" + escape(cell) + "</td>")
                        .collect(
                            Collectors.joining(
                                "",
                                "<tr><th scope=\"row\">" + escape(row.getFirst()) + "</th>",
                                "</tr>")))
            .collect(Collectors.joining("\n"));
    return "<div class=\"scroll\"><table><thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        .formatted(header, rows);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String template() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

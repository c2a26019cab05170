package dev.drpo.reports;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** {@code report.md}: the report for readers of repositories and terminals. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String render(RunReport report, List<StepMetrics> steps, List<Plot> plots) {
    StringBuilder text = new StringBuilder();
    text.append("# Run ").append(escape(report.run())).append("\n\n");
    text.append(escape(Findings.of(report))).append("\n\n");
    if (!Double.isNaN(report.aes())) {
      text.append("Accuracy-efficiency score against the start: **")
          .append(Numbers.signed(report.aes()))
          .append("**\n\n");
    }
    section(text, "Before and after", Table.outcome(report));
    Table.sets(report).ifPresent(table -> section(text, "By set", table));
    for (Plot plot : plots) {
      text.append("![")
          .append(escape(plot.alternative()))
          .append("](")
          .append(ReportWriter.PLOTS)
          .append('/')
          .append(plot.name())
          .append(".svg)\n\n");
    }
    Table.evaluations(report).ifPresent(table -> section(text, "Evaluations", table));
    section(text, "The run", Table.run(report));
    if (!steps.isEmpty()) {
      section(text, "Training steps", Table.steps(steps));
    }
    text.append("## What the numbers mean\n\n");
    for (Glossary.Section section : Glossary.Section.values()) {
      text.append("### ")
          .append(section.title())
          .append(" (")
          .append(section.place())
          .append(")\n\n");
      table(text, Table.glossary(section));
    }
    return text.toString().stripTrailing() + "\n";
  }

  static void section(StringBuilder text, String title, Table table) {
    text.append("## ").append(title).append("\n\n");
    table(text, table);
  }

  private static void table(StringBuilder text, Table table) {
    row(text, table.header());
    row(text, Collections.nCopies(table.header().size(), "---"));
    table.rows().forEach(row -> row(text, row.stream().map(MarkdownReport::escape).toList()));
    text.append('\n');
  }

  private static void row(StringBuilder text, List<String> cells) {
    text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |"))).append('\n');
  }

  static String escape(String text) {
    return text.replaceAll("([\\\\`*_\\[\\]|<>])", "\\\\$1").replaceAll("\\R", " ");
  }
}

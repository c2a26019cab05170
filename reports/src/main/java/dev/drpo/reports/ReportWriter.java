package dev.drpo.reports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes a run's report into its folder: {@code report.json}, {@code report.md}, {@code
 * report.html}, and every plot as SVG and PNG under {@code plots/}. Each file is written aside and
 * then moved, so that a reader sees the old one or the new one whole.
 */
public final class ReportWriter {
  /** Folder of the plots inside the run's folder. */
  static final String PLOTS = "plots";

  private ReportWriter() {}

  /**
   * Writes the report; an earlier one is replaced. {@code report.json} comes first, so that the
   * numbers survive whatever the drawing of plots runs into.
   *
   * @param steps the training steps in order; may be empty
   * @throws IOException if a file can't be written, or if no plot can be drawn on this machine;
   *     {@code report.json} is there in the latter case
   */
  public static void write(Path runDirectory, RunReport report, List<StepMetrics> steps)
      throws IOException {
    Files.createDirectories(runDirectory.resolve(PLOTS));
    replace(
        runDirectory.resolve("report.json"),
        ReportJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
    try {
      List<Plot> plots = Plots.of(report, steps);
      for (Plot plot : plots) {
        replace(runDirectory.resolve(PLOTS, plot.name() + ".png"), plot.png());
        text(runDirectory.resolve(PLOTS, plot.name() + ".svg"), plot.svg());
      }
      text(runDirectory.resolve("report.md"), MarkdownReport.render(report, steps, plots));
      text(runDirectory.resolve("report.html"), HtmlReport.render(report, steps, plots));
    } catch (LinkageError | InternalError e) {
      // What Java's graphics throw where the machine has no font or lacks a native library.
      throw new IOException(
          "the plots of "
              + runDirectory
              + " need Java's font support ("
              + e
              + "); install fontconfig and a font, such as DejaVu. report.json is complete.",
          e);
    }
  }

  /** Reads a report back. */
  public static RunReport read(Path reportJson) throws IOException {
    return ReportJson.MAPPER.readValue(reportJson.toFile(), RunReport.class);
  }

  private static void text(Path file, String text) throws IOException {
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file aside and moves it to its place. */
  static void replace(Path file, byte[] content) throws IOException {
    Path aside = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.write(aside, content);
      try {
        Files.move(
            aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}

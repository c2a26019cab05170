package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class ReportWriterTest {
  private static final List<String> PLOTS = List.of("accuracy-against-length", "training-curves");

  @TempDir Path run;

  private String read(String file) throws IOException {
    return Files.readString(run.resolve(file));
  }

  private Document xml(String file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(run.resolve(file).toFile());
  }

  @Test
  void theFolderHoldsTheReportInEveryFormAndNothingElse() throws IOException {
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    try (Stream<Path> files = Files.walk(run)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> run.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "report.json",
              "report.md",
              "report.html",
              "plots/accuracy-against-length.png",
              "plots/accuracy-against-length.svg",
              "plots/training-curves.png",
              "plots/training-curves.svg");
    }
    assertThat(ReportWriter.read(run.resolve("report.json"))).isEqualTo(SampleRun.report());
  }

  @Test
  void theMarkdownSaysTheOutcomeAndShowsThePlots() throws IOException {
    Evaluation before = SampleRun.evaluation(0.71, 92);
    Evaluation after = SampleRun.evaluation(0.97, 35);
    ReportWriter.write(run, SampleRun.report(0.1, before, after), SampleRun.steps(40));
    assertThat(read("report.md"))
        .contains("shorter (", "accuracy rose from " + Numbers.percent(before.accuracy()))
        .contains("| accuracy | " + Numbers.percent(before.accuracy()) + " | ")
        .contains("](plots/accuracy-against-length.svg)", "](plots/training-curves.svg)")
        .contains("| logProbabilityGap | nats | ");
  }

  @Test
  void theHtmlIsWellFormedAndNeedsNothingBesideIt() throws Exception {
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    Document html = xml("report.html");
    assertThat(html.getElementsByTagName("svg").getLength()).isEqualTo(PLOTS.size());
    assertThat(html.getDocumentElement().getTextContent()).contains("became", "shorter", "pass@1");
    assertThat(read("report.html"))
        .doesNotContain("src=", "@import", "url(http", "{{", "rgb(255,255,255)")
        .contains("prefers-color-scheme: dark", "fill:var(--plot-surface)");
  }

  @Test
  void idsOfThePlotsInThePageDoNotCollide() throws Exception {
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    var clips = xml("report.html").getElementsByTagName("clipPath");
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < clips.getLength(); i++) {
      ids.add(clips.item(i).getAttributes().getNamedItem("id").getNodeValue());
    }
    assertThat(ids).hasSize(clips.getLength()).hasSizeGreaterThan(PLOTS.size());
  }

  @Test
  void textThatLooksLikeMarkupStaysText() throws Exception {
    RunReport sample = SampleRun.report();
    RunReport hostile =
        new RunReport(
            "a<b> & \"c\"",
            "task|with $1 \\ *stars*",
            sample.model(),
            sample.objective(),
            sample.lambda(),
            sample.delta(),
            sample.seed(),
            sample.steps(),
            sample.wallSeconds(),
            sample.trainingSeconds(),
            sample.before(),
            sample.after(),
            sample.evaluations(),
            sample.bestStep(),
            sample.tokensGenerated(),
            sample.tokensLearned(),
            sample.groups(),
            sample.policyDigest(),
            sample.repeatability(),
            sample.versions());
    ReportWriter.write(run, hostile, List.of());
    assertThat(xml("report.html").getElementsByTagName("h1").item(0).getTextContent())
        .isEqualTo("Run a<b> & \"c\"");
    assertThat(read("report.html")).contains("task|with $1 \\ *stars*");
    assertThat(read("report.md")).contains("| task | task\\|with $1 \\\\ \\*stars\\* |");
  }

  @Test
  void plotsAreDrawnAndTheSameDataDrawsTheSame() throws Exception {
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    for (String plot : PLOTS) {
      BufferedImage image = ImageIO.read(run.resolve("plots/" + plot + ".png").toFile());
      assertThat(image.getWidth()).isGreaterThan(1000);
      assertThat(share(image, Palette.LEARNED)).isGreaterThan(0.0005);
      assertThat(share(image, Palette.AFTER)).isGreaterThan(0.0001);
      assertThat(share(image, Palette.SURFACE)).isBetween(0.5, 0.99);
      assertThat(xml("plots/" + plot + ".svg").getElementsByTagName("path").getLength())
          .isGreaterThan(40);
    }
    String first = read("plots/training-curves.svg");
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    assertThat(read("plots/training-curves.svg")).isEqualTo(first);
  }

  private static double share(BufferedImage image, Palette color) {
    int rgb = color.color().getRGB();
    int found = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if (image.getRGB(x, y) == rgb) {
          found++;
        }
      }
    }
    return (double) found / image.getWidth() / image.getHeight();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 300})
  void anyNumberOfStepsGivesAReportEvenWithoutEvaluation(int steps) throws Exception {
    ReportWriter.write(
        run,
        SampleRun.report(Double.POSITIVE_INFINITY, Evaluation.none(), Evaluation.none()),
        SampleRun.steps(steps));
    assertThat(xml("report.html").getElementsByTagName("svg").getLength())
        .isEqualTo(steps == 0 ? 0 : PLOTS.size());
    assertThat(read("report.md")).contains("did not evaluate", "λ = ∞").doesNotContain("NaN");
    assertThat(read("report.html")).doesNotContain("NaN");
  }

  @Test
  void anObjectiveWithoutTemperatureAndTrustRegionHasNoneInItsReport() throws Exception {
    ReportWriter.write(run, SampleRun.groupRelative(), SampleRun.steps(40));
    assertThat(read("report.md")).contains("| objective | grpo |").doesNotContain("NaN");
    assertThat(read("report.html")).doesNotContain("NaN");
    assertThat(share(curves(), Palette.BOUND)).isZero();
    assertThat(read("report.json")).contains("\"lambda\" : null", "\"delta\" : null");
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    assertThat(read("report.md")).contains("| objective | drpo (λ = 0.1, δ = 0.001) |");
    assertThat(share(curves(), Palette.BOUND)).isPositive();
  }

  @Test
  void evaluationsInBetweenHaveATableAndAPathInThePlot() throws Exception {
    ReportWriter.write(run, SampleRun.report(), SampleRun.steps(40));
    assertThat(read("report.md")).doesNotContain("## Evaluations\n");
    BufferedImage without = ImageIO.read(run.resolve("plots/accuracy-against-length.png").toFile());
    RunReport report = SampleRun.evaluatedInBetween();
    ReportWriter.write(run, report, SampleRun.steps(40));
    String accuracy = Numbers.percent(report.evaluations().get(2).evaluation().accuracy());
    assertThat(read("report.md"))
        .contains("## Evaluations\n", "| 10 | ")
        .containsPattern("\\| 20 \\| " + accuracy + " \\|.*\\| best \\|")
        .contains("| best policy | step 20, in the folder best (" + accuracy + ", ");
    assertThat(read("report.html")).contains("<h2>Evaluations</h2>");
    assertThat(ReportWriter.read(run.resolve("report.json"))).isEqualTo(report);
    BufferedImage with = ImageIO.read(run.resolve("plots/accuracy-against-length.png").toFile());
    assertThat(share(with, Palette.INK)).isGreaterThan(share(without, Palette.INK));
  }

  @Test
  void setsHaveATable() throws Exception {
    List<String> names = List.of("amc", "aime");
    Evaluation.Response right = new Evaluation.Response(true, 20, false);
    Evaluation.Response wrong = new Evaluation.Response(false, 40, false);
    Evaluation before = Evaluation.ofSets(List.of(List.of(wrong), List.of(wrong)), names);
    Evaluation after = Evaluation.ofSets(List.of(List.of(right), List.of(wrong)), names);
    RunReport report = SampleRun.report(0.1, before, after);
    ReportWriter.write(run, report, List.of());
    assertThat(read("report.md"))
        .containsPattern("\\| aime \\| 1 \\| 0.* \\| 0.* \\| .* \\| 40.0 \\| 40.0 \\|")
        .containsPattern("\\| amc \\| 1 \\| 100.* \\| 0.* \\| .* \\| 20.0 \\| 40.0 \\|");
    assertThat(read("report.html")).contains("<h2>By set</h2>");
    assertThat(ReportWriter.read(run.resolve("report.json"))).isEqualTo(report);
  }

  @Test
  void aReportOfBeforeThereWereEvaluationsInBetweenIsReadAllTheSame() throws IOException {
    ReportWriter.write(run, SampleRun.report(), List.of());
    Path json = run.resolve("report.json");
    ObjectNode report = (ObjectNode) new ObjectMapper().readTree(json.toFile());
    report.remove(List.of("evaluations", "bestStep"));
    Files.writeString(json, report.toString());
    RunReport read = ReportWriter.read(json);
    assertThat(read.evaluations()).isEmpty();
    assertThat(read.best()).isEmpty();
    assertThat(read.after()).isEqualTo(SampleRun.report().after());
  }

  private BufferedImage curves() throws IOException {
    return ImageIO.read(run.resolve("plots/training-curves.png").toFile());
  }
}

package dev.drpo.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;

/** The report's figures. A figure without anything to show does not exist. */
final class Plots {
  private static final Range SHARE = new Range(0, 1);

  /** More dots than this hide each other. */
  private static final int DOTS = 200;

  private Plots() {}

  static List<Plot> of(RunReport report, List<StepMetrics> steps) {
    List<Plot> plots = new ArrayList<>();
    accuracyAgainstLength(report, steps).ifPresent(plots::add);
    trainingCurves(report, steps).ifPresent(plots::add);
    return plots;
  }

  private static Optional<Plot> accuracyAgainstLength(RunReport report, List<StepMetrics> steps) {
    Evaluation before = report.before();
    Evaluation after = report.after();
    if (steps.isEmpty() && !before.isPresent() && !after.isPresent()) {
      return Optional.empty();
    }
    Range lengths =
        Range.fromZero(
            DoubleStream.concat(
                evaluations(report).mapToDouble(Evaluation::meanLength),
                steps.stream().mapToDouble(StepMetrics::meanLength)));
    Panel panel =
        new Panel(
                840,
                480,
                "Accuracy against length: up and to the left is better",
                "mean response length [tokens]",
                "accuracy")
            .xRange(lengths)
            .yRange(SHARE)
            .xFormat("0")
            .yFormat("0.0");
    Points path = Points.of(steps, StepMetrics::meanLength, StepMetrics::accuracy);
    panel.dots("Training (single steps)", path.thinned(DOTS), Palette.TRACE);
    panel.curve("Training (moving average)", path.smoothed(), Palette.LEARNED);
    if (report.evaluations().size() > 2) {
      panel.path(
          "Held-out problems, step by step",
          Points.of(
              report.evaluations(),
              one -> one.evaluation().meanLength(),
              one -> one.evaluation().accuracy()),
          Palette.INK);
    }
    mark(panel, "Before", before, lengths, Palette.BEFORE);
    mark(panel, "After", after, lengths, Palette.AFTER);
    return Optional.of(
        new Plot(
            "accuracy-against-length",
            "Accuracy against mean response length; the bars are 95% intervals. "
                + Findings.of(report),
            1,
            List.of(panel.chart())));
  }

  private static Stream<Evaluation> evaluations(RunReport report) {
    return Stream.concat(
        Stream.of(report.before(), report.after()),
        report.evaluations().stream().map(PolicyEvaluation::evaluation));
  }

  private static void mark(
      Panel panel, String when, Evaluation evaluation, Range lengths, Palette color) {
    if (evaluation.isPresent()) {
      panel.mark(
          when
              + " ("
              + Numbers.percent(evaluation.accuracy())
              + ", "
              + Numbers.decimal(evaluation.meanLength())
              + " tokens)",
          evaluation.meanLength(),
          evaluation.accuracy(),
          evaluation.accuracyInterval(),
          lengths,
          color);
    }
  }

  private static Optional<Plot> trainingCurves(RunReport report, List<StepMetrics> steps) {
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Plot(
            "training-curves",
            "Training curves by step: accuracy, mean length of right and wrong responses, KL"
                + " divergence with the trust region, gradient norm.",
            2,
            List.of(accuracy(steps), lengths(steps), divergence(report, steps), gradient(steps))));
  }

  private static Panel panel(List<StepMetrics> steps, String title, String yTitle) {
    return new Panel(520, 340, title, "training step", yTitle).xRange(stretch(steps)).xFormat("0");
  }

  private static Range stretch(List<StepMetrics> steps) {
    return new Range(0, steps.getLast().step());
  }

  private static XYChart accuracy(List<StepMetrics> steps) {
    Points points = Points.of(steps, StepMetrics::step, StepMetrics::accuracy);
    return panel(steps, "Accuracy", "share of right responses")
        .yRange(SHARE)
        .yFormat("0.0")
        .trace("Single steps", points)
        .curve("Moving average", points.smoothed(), Palette.LEARNED)
        .chart();
  }

  private static XYChart lengths(List<StepMetrics> steps) {
    Points right = Points.of(steps, StepMetrics::step, StepMetrics::meanLengthCorrect);
    Points wrong = Points.of(steps, StepMetrics::step, StepMetrics::meanLengthWrong);
    return panel(steps, "Response length", "mean length [tokens]")
        .yRange(Range.fromZero(DoubleStream.concat(right.heights(), wrong.heights())))
        .yFormat("0")
        .curve("Right responses", right, Palette.AFTER)
        .curve("Wrong responses", wrong, Palette.WRONG)
        .chart();
  }

  private static XYChart divergence(RunReport report, List<StepMetrics> steps) {
    Points points = Points.of(steps, StepMetrics::step, StepMetrics::kl);
    Points after = Points.of(steps, StepMetrics::step, StepMetrics::klAfter);
    Panel panel =
        panel(steps, "KL divergence from the step's start", "KL [nats]")
            .yFormat("0.######")
            .curve("Before each update", points, Palette.LEARNED)
            .curve("After the last one", after, Palette.AFTER);
    DoubleStream both = DoubleStream.concat(points.heights(), after.heights());
    if (Double.isNaN(report.delta())) {
      return panel.yRange(Range.aroundZero(both.toArray())).chart();
    }
    Points bound = Points.level(stretch(steps), report.delta());
    double[] all = DoubleStream.concat(both, bound.heights()).toArray();
    return panel
        .yRange(Range.aroundZero(all))
        .bound("Trust region \u03b4", bound, Palette.BOUND)
        .chart();
  }

  private static XYChart gradient(List<StepMetrics> steps) {
    Points points = Points.of(steps, StepMetrics::step, StepMetrics::gradientNorm);
    return panel(steps, "Gradient norm before clipping", "Euclidean norm")
        .yRange(Range.fromZero(points.heights()))
        .yFormat("0.##")
        .trace("Single steps", points)
        .curve("Moving average", points.smoothed(), Palette.LEARNED)
        .chart();
  }
}

package dev.drpo.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The figures of a comparison. */
final class ComparisonPlots {
  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.CROSS);

  /** How far below the best accuracy a point may lie to be seen closer. */
  private static final double NEAR = 0.03;

  /** Room under the lowest share. */
  private static final double BELOW = 0.03;

  private static final double JUST_BELOW = 0.005;

  private ComparisonPlots() {}

  static List<Plot> of(List<ComparedMethod> points) {
    return List.of(frontier(points), curves(points));
  }

  private static Map<String, List<ComparedMethod>> byMethod(List<ComparedMethod> points) {
    Map<String, List<ComparedMethod>> byMethod = new LinkedHashMap<>();
    for (ComparedMethod point : points) {
      byMethod.computeIfAbsent(point.method(), _ -> new ArrayList<>()).add(point);
    }
    return byMethod;
  }

  /** Accuracy against length, in the manner of the paper's figure, and the most accurate closer. */
  private static Plot frontier(List<ComparedMethod> points) {
    Evaluation before = points.getFirst().runs().getFirst().report().before();
    double[] accuracies =
        DoubleStream.concat(DoubleStream.of(before.accuracy()), accuracies(points.stream()))
            .toArray();
    Range lengths =
        Range.fromZero(
            DoubleStream.concat(
                DoubleStream.of(before.meanLength()),
                points.stream()
                    .flatMapToDouble(
                        point -> DoubleStream.of(point.length(), point.lengthInterval().high()))));
    List<XYChart> panels = new ArrayList<>();
    panels.add(
        trails(
                frontierPanel("Accuracy against length: up and to the left is better")
                    .xRange(lengths)
                    .yRange(upToOne(accuracies, BELOW))
                    .namesAside(),
                points,
                _ -> true)
            .mark(
                "starting policy",
                before.meanLength(),
                before.accuracy(),
                before.accuracyInterval(),
                lengths,
                Palette.INK)
            .chart());
    closer(points).ifPresent(panels::add);
    return new Plot(
        "frontier",
        "Accuracy against mean response length of every method at every strength, means over seeds;"
            + " bars are 95% intervals over seeds and problems.",
        1,
        panels);
  }

  private static Panel frontierPanel(String title) {
    return new Panel(960, 620, title, "mean response length [tokens]", "accuracy")
        .xFormat("0")
        .yFormat("0.00");
  }

  /** The points that are nearly as accurate as the best, unless that leaves out none. */
  private static Optional<XYChart> closer(List<ComparedMethod> points) {
    double best = points.stream().mapToDouble(ComparedMethod::accuracy).max().orElse(Double.NaN);
    Predicate<ComparedMethod> isNear = point -> point.accuracy() >= best - NEAR;
    List<ComparedMethod> near = points.stream().filter(isNear).toList();
    double[] lengths =
        near.stream()
            .flatMapToDouble(
                point ->
                    DoubleStream.of(
                        point.length(),
                        point.lengthInterval().low(),
                        point.lengthInterval().high()))
            .filter(Double::isFinite)
            .toArray();
    if (near.size() == points.size() || lengths.length == 0) {
      return Optional.empty();
    }
    Range range =
        new Range(
            Math.floor(DoubleStream.of(lengths).min().orElseThrow()),
            Math.ceil(DoubleStream.of(lengths).max().orElseThrow()));
    return Optional.of(
        trails(
                frontierPanel("The same, within three points of the most accurate")
                    .xRange(range)
                    .yRange(upToOne(accuracies(near.stream()).toArray(), JUST_BELOW))
                    .namesAside(),
                points,
                isNear)
            .chart());
  }

  private static DoubleStream accuracies(Stream<ComparedMethod> points) {
    return points
        .flatMapToDouble(
            point ->
                DoubleStream.of(
                    point.accuracy(),
                    point.accuracyInterval().low(),
                    point.accuracyInterval().high()))
        .filter(Double::isFinite);
  }

  /** Draws the points that are shown, each method in the look that it has wherever it is drawn. */
  private static Panel trails(
      Panel panel, List<ComparedMethod> points, Predicate<ComparedMethod> isShown) {
    int index = 0;
    for (Map.Entry<String, List<ComparedMethod>> method : byMethod(points).entrySet()) {
      Palette color = Palette.series(index);
      List<ComparedMethod> byLength =
          method.getValue().stream()
              .filter(isShown)
              .sorted(Comparator.comparingDouble(ComparedMethod::length))
              .toList();
      for (ComparedMethod point : byLength) {
        panel.bars(
            point.method() + " " + point.strength(),
            point.length(),
            point.lengthInterval(),
            point.accuracy(),
            point.accuracyInterval(),
            color);
      }
      panel.trail(
          method.getKey(),
          Points.of(byLength, ComparedMethod::length, ComparedMethod::accuracy),
          color,
          MARKERS.get(index % MARKERS.size()));
      index++;
    }
    return panel;
  }

  /** From a little below the lowest share to one. */
  private static Range upToOne(double[] shares, double below) {
    return new Range(Math.max(0, DoubleStream.of(shares).min().orElse(0) - below), 1);
  }

  /** The way there, of each method at the strength that scores best. */
  private static Plot curves(List<ComparedMethod> points) {
    List<ComparedMethod> best =
        byMethod(points).values().stream()
            .map(
                strengths ->
                    strengths.stream()
                        .max(Comparator.comparingDouble(ComparedMethod::aes))
                        .orElseThrow())
            .toList();
    return new Plot(
        "curves",
        "Training of each method at the strength with the best score, means over seeds: accuracy,"
            + " mean length, groups without signal, right responses that are pushed down.",
        2,
        List.of(
            curves(
                best,
                "Accuracy",
                "share of right responses",
                StepMetrics::accuracy,
                shares -> upToOne(shares, BELOW)),
            curves(
                best,
                "Response length",
                "mean length [tokens]",
                StepMetrics::meanLength,
                ComparisonPlots::fromZero),
            curves(
                best,
                "Groups without signal",
                "groups",
                StepMetrics::groupsWithoutSignal,
                ComparisonPlots::fromZero),
            curves(
                best,
                "Right responses that are pushed down",
                "share of right responses",
                StepMetrics::rightPushedDown,
                ComparisonPlots::fromZero)));
  }

  private static XYChart curves(
      List<ComparedMethod> methods,
      String title,
      String yTitle,
      ToDoubleFunction<StepMetrics> value,
      Function<double[], Range> range) {
    Panel panel =
        new Panel(720, 380, title, "training step", yTitle)
            .xFormat("0")
            .yFormat("0.##")
            .namesAside();
    int index = 0;
    List<Points> all = new ArrayList<>();
    for (ComparedMethod method : methods) {
      Points points = meanOverSeeds(method, value).smoothed();
      all.add(points);
      Palette color = Palette.series(index);
      if (Palette.isRepeated(index)) {
        panel.bound(name(method), points, color);
      } else {
        panel.curve(name(method), points, color);
      }
      index++;
    }
    return panel
        .xRange(new Range(0, methods.stream().mapToInt(ComparisonPlots::steps).max().orElseThrow()))
        .yRange(range.apply(all.stream().flatMapToDouble(Points::heights).toArray()))
        .chart();
  }

  /** Steps that all of its runs have taken. */
  private static int steps(ComparedMethod method) {
    return method.runs().stream().mapToInt(run -> run.steps().size()).min().orElse(0);
  }

  private static Range fromZero(double[] values) {
    return Range.fromZero(DoubleStream.of(values));
  }

  private static String name(ComparedMethod method) {
    return method.strength().isEmpty()
        ? method.method()
        : method.method() + ", " + method.strength();
  }

  private static Points meanOverSeeds(ComparedMethod method, ToDoubleFunction<StepMetrics> value) {
    List<Integer> numbers = IntStream.range(0, steps(method)).boxed().toList();
    return Points.of(
        numbers,
        step -> step + 1,
        step ->
            method.runs().stream()
                .mapToDouble(run -> value.applyAsDouble(run.steps().get(step)))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN));
  }
}

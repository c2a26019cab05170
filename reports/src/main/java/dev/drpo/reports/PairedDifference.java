package dev.drpo.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * By how much one point of a comparison differs from another on the same seeds and problems. What
 * makes a seed's policy or a problem easy for both cancels out, so that the intervals are narrower
 * than those of the points by themselves.
 *
 * @param seeds that both have
 * @param accuracy of the point less that of the reference, mean over those seeds
 * @param accuracyInterval 95%, over seeds and problems
 * @param length mean tokens of a response, less those of the reference
 * @param lengthInterval 95%, over seeds and problems
 */
record PairedDifference(
    int seeds, double accuracy, Interval accuracyInterval, double length, Interval lengthInterval) {

  private record Pair(ComparedRun point, ComparedRun reference) {}

  private record Difference(double mean, Interval interval) {}

  /** Nothing where the two share no seed, or were not evaluated on the same problems. */
  static Optional<PairedDifference> of(ComparedMethod point, ComparedMethod reference) {
    List<Pair> pairs = new ArrayList<>();
    for (ComparedRun run : point.runs()) {
      for (ComparedRun other : reference.runs()) {
        if (run.seed() == other.seed()) {
          pairs.add(new Pair(run, other));
        }
      }
    }
    if (pairs.isEmpty() || !isPaired(pairs)) {
      return Optional.empty();
    }
    Difference accuracy = difference(pairs, response -> response.correct() ? 1 : 0);
    Difference length = difference(pairs, Evaluation.Response::length);
    return Optional.of(
        new PairedDifference(
            pairs.size(), accuracy.mean(), accuracy.interval(), length.mean(), length.interval()));
  }

  private static boolean isPaired(List<Pair> pairs) {
    int problems = pairs.getFirst().point().responses().size();
    return problems > 0
        && pairs.stream()
            .allMatch(
                pair ->
                    pair.point().responses().size() == problems
                        && pair.reference().responses().size() == problems);
  }

  private static Difference difference(
      List<Pair> pairs, ToDoubleFunction<Evaluation.Response> value) {
    List<double[]> rows = new ArrayList<>();
    double sum = 0;
    for (Pair pair : pairs) {
      double[] row = pair.point().byProblem(value);
      double[] reference = pair.reference().byProblem(value);
      for (int i = 0; i < row.length; i++) {
        row[i] -= reference[i];
        sum += row[i] / row.length;
      }
      rows.add(row);
    }
    return new Difference(sum / pairs.size(), SeedBootstrap.of(rows));
  }
}

package dev.drpo.objectives;

import dev.drpo.objectives.Oracle.Trace;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.Predicate;

/** Values of the later rivals as their papers and code write them, in doubles; see Oracle. */
final class RivalOracle {
  private RivalOracle() {}

  static double dler(
      List<List<Trace>> groups, double low, double high, double longest, double boost) {
    Predicate<Trace> rewarded = trace -> trace.correct() && trace.length() <= longest;
    List<List<Trace>> kept =
        groups.stream()
            .filter(group -> group.stream().anyMatch(rewarded))
            .filter(group -> group.stream().anyMatch(Predicate.not(rewarded)))
            .toList();
    // One entry for each token, as a masked tensor has them.
    List<Double> tokens = new ArrayList<>();
    for (List<Trace> group : kept) {
      double solved = (double) group.stream().filter(rewarded).count() / group.size();
      for (Trace trace : group) {
        for (int t = 0; t < trace.length(); t++) {
          tokens.add((rewarded.test(trace) ? 1 : 0) - solved);
        }
      }
    }
    double mean = tokens.stream().mapToDouble(a -> a).average().orElse(0);
    double variance =
        tokens.stream().mapToDouble(a -> Math.pow(a - mean, 2)).sum() / (tokens.size() - 1);
    return GroupOracle.surrogate(
        kept,
        group -> {
          double solved = (double) group.stream().filter(rewarded).count() / group.size();
          return group.stream()
              .map(
                  trace ->
                      rewarded.test(trace)
                          ? (1 - solved - mean) / Math.sqrt(variance + 1e-8) + boost
                          : (-solved - mean) / Math.sqrt(variance + 1e-8))
              .toList();
        },
        low,
        high,
        (trace, all) -> tokens.size());
  }

  static double ddca(List<List<Trace>> groups, double clip, double beta) {
    return GroupOracle.surrogate(
        groups,
        group -> {
          List<Trace> right = group.stream().filter(Trace::correct).toList();
          double p = (double) right.size() / group.size();
          double deviation = Math.sqrt(p * (1 - p)) + 1e-8;
          double meanScore =
              right.stream().mapToDouble(trace -> lengthScore(trace, right)).average().orElse(0);
          return group.stream()
              .map(
                  trace ->
                      trace.correct()
                          ? (1 - p) / deviation - beta * p * (lengthScore(trace, right) - meanScore)
                          : -p / deviation)
              .toList();
        },
        clip,
        clip,
        GroupOracle::responses);
  }

  /** sigmoid(x) = (1 + tanh(x / 2)) / 2. */
  private static double lengthScore(Trace trace, List<Trace> right) {
    double mean = right.stream().mapToInt(Trace::length).average().orElseThrow();
    double variance =
        right.stream().mapToDouble(one -> Math.pow(one.length() - mean, 2)).average().orElseThrow();
    return (1 + Math.tanh((trace.length() - mean) / (Math.sqrt(variance) + 1e-8) / 2)) / 2;
  }

  static GroupOracle.OfGroup gr3(double alpha) {
    return group -> {
      double total = lengths(group).getSum();
      return group.stream()
          .map(
              trace ->
                  trace.correct() ? total / (total + alpha * group.size() * trace.length()) : 0)
          .toList();
    };
  }

  static GroupOracle.OfGroup laser(double bonus, int longest) {
    return group ->
        group.stream()
            .map(
                trace ->
                    (trace.correct() ? 1.0 : 0.0)
                        + (trace.correct() && trace.length() <= longest ? bonus : 0.0))
            .toList();
  }

  static GroupOracle.OfGroup kimiLength(double weight) {
    return group -> {
      double shortest = lengths(group).getMin();
      double longest = lengths(group).getMax();
      return group.stream()
          .map(
              trace -> {
                // 1/2 - (x - a) / (b - a) = (a + b - 2 x) / 2 (b - a)
                double term =
                    longest == shortest
                        ? 0
                        : (shortest + longest - 2 * trace.length()) / (2 * (longest - shortest));
                return trace.correct() ? 1 + weight * term : Math.min(0, weight * term);
              })
          .toList();
    };
  }

  static GroupOracle.OfGroup shorterBetter(double alpha, double beta) {
    return group -> {
      List<Trace> right = group.stream().filter(Trace::correct).toList();
      double best = right.isEmpty() ? lengths(group).getAverage() : lengths(right).getMin();
      return group.stream()
          .map(
              trace ->
                  (trace.correct() ? alpha : 0)
                      - beta * Math.max(trace.length() - best, best - trace.length()))
          .toList();
    };
  }

  private static IntSummaryStatistics lengths(List<Trace> group) {
    return group.stream().mapToInt(Trace::length).summaryStatistics();
  }
}

package dev.drpo.objectives;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Values of the discriminative objectives as the papers write them, in doubles, and derivatives by
 * finite differences. Slow, and written differently from what it checks.
 */
final class Oracle {
  private Oracle() {}

  /** A response with log-probabilities that can be moved by less than a float's precision. */
  record Trace(
      boolean correct,
      double reward,
      boolean truncated,
      double[] old,
      double[] current,
      double[] importance) {
    static Trace of(Response response) {
      double[] importance = response.importance();
      if (importance.length == 0) {
        importance = new double[response.length()];
        Arrays.fill(importance, 1);
      }
      return new Trace(
          response.correct(),
          response.reward(),
          response.truncated(),
          doubles(response.old()),
          doubles(response.current()),
          importance);
    }

    private static double[] doubles(float[] values) {
      double[] doubles = new double[values.length];
      for (int t = 0; t < values.length; t++) {
        doubles[t] = values[t];
      }
      return doubles;
    }

    int length() {
      return current.length;
    }

    /** The mean of the old ones, and of what changed since then by its importance. */
    double score() {
      double start = 0;
      double change = 0;
      for (int t = 0; t < length(); t++) {
        start += old[t];
        change += importance[t] * (current[t] - old[t]);
      }
      return (start + change) / length();
    }

    double ratio(int token) {
      return Math.exp(current[token]) / Math.exp(old[token]);
    }

    double meanRatio() {
      double sum = 0;
      for (int t = 0; t < length(); t++) {
        sum += importance[t] * ratio(t) + 1 - importance[t];
      }
      return sum / length();
    }
  }

  static List<List<Trace>> traces(List<Group> groups) {
    List<List<Trace>> traces = new ArrayList<>();
    for (Group group : groups) {
      traces.add(group.responses().stream().map(Trace::of).toList());
    }
    return traces;
  }

  /** Unnormalised weight of a correct response: omega of Eq. 6 up to a factor. */
  interface Omega {
    double of(Trace one, List<Trace> group);
  }

  /** exp(r_l / lambda), divided by that of the group's shortest correct response. */
  static Omega lengthReward(String kind, int budget, double lambda) {
    return (one, group) -> {
      int shortest =
          group.stream().filter(Trace::correct).mapToInt(Trace::length).min().orElseThrow();
      double more = lost(kind, one.length(), budget) - lost(kind, shortest, budget);
      return Math.exp(-more / lambda);
    };
  }

  /** With 1 - solve rate in lambda's place. */
  static Omega adaptive(String kind, int budget) {
    return (one, group) -> {
      double wrong = group.stream().filter(trace -> !trace.correct()).count();
      return lengthReward(kind, budget, wrong / group.size()).of(one, group);
    };
  }

  /** 1 - r_l. */
  private static double lost(String kind, int length, double budget) {
    double share = length / budget;
    return switch (kind) {
      case "linear" -> share;
      case "concave" -> share * share;
      case "cosine" -> Math.pow(Math.sin(Math.PI * share / 2), 2);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Eq. 7 with the squared hinge, linear length reward and estimator k1. */
  static double drpo(
      List<List<Trace>> groups, int budget, double lambda, double tau, double delta, double beta) {
    return discriminative(groups, lengthReward("linear", budget, lambda), Trace::score, tau)
        - hinge(divergence(groups), delta, beta);
  }

  /** The first part of Eq. 7, for any weights and any score. */
  static double discriminative(
      List<List<Trace>> groups, Omega omega, ToDoubleFunction<Trace> score, double tau) {
    double sum = 0;
    for (List<Trace> group : groups) {
      List<Trace> positives = group.stream().filter(Trace::correct).toList();
      List<Trace> negatives = group.stream().filter(trace -> !trace.correct()).toList();
      if (!positives.isEmpty() && !negatives.isEmpty()) {
        double total = positives.stream().mapToDouble(one -> omega.of(one, group)).sum();
        for (Trace positive : positives) {
          sum += omega.of(positive, group) / total * score.applyAsDouble(positive);
        }
        sum -= tau * logMeanExp(negatives, score, tau);
      }
    }
    return sum / groups.size();
  }

  /** What groups without a wrong response add, over the number of all questions. */
  static double allCorrect(List<List<Trace>> groups, Omega omega, boolean contrast) {
    double sum = 0;
    for (List<Trace> group : groups) {
      if (group.stream().allMatch(Trace::correct)) {
        double total = group.stream().mapToDouble(one -> omega.of(one, group)).sum();
        double mean = group.stream().mapToDouble(Trace::score).average().orElseThrow();
        for (Trace one : group) {
          sum += omega.of(one, group) / total * (one.score() - (contrast ? mean : 0));
        }
      }
    }
    return sum / groups.size();
  }

  /** log of the mean of exp(s/tau), added up two by two. */
  private static double logMeanExp(
      List<Trace> negatives, ToDoubleFunction<Trace> score, double tau) {
    double sum = Double.NEGATIVE_INFINITY;
    for (Trace negative : negatives) {
      double next = score.applyAsDouble(negative) / tau;
      sum = Math.max(sum, next) + Math.log1p(Math.exp(-Math.abs(sum - next)));
    }
    return sum - Math.log(negatives.size());
  }

  static double hinge(double divergence, double delta, double beta) {
    double excess = Math.max(0, divergence - delta);
    return beta / 2 * excess * excess;
  }

  /** Estimator k1. */
  static double divergence(List<List<Trace>> groups) {
    double sum = 0;
    for (List<Trace> group : groups) {
      for (Trace trace : group) {
        for (int t = 0; t < trace.length(); t++) {
          sum += (trace.old()[t] - trace.current()[t]) * trace.importance()[t];
        }
      }
    }
    return sum / counting(groups);
  }

  /** Estimator k3: ratio - 1 - log ratio. */
  static double k3(List<List<Trace>> groups) {
    double sum = 0;
    for (List<Trace> group : groups) {
      for (Trace trace : group) {
        for (int t = 0; t < trace.length(); t++) {
          sum +=
              trace.importance()[t] * (trace.ratio(t) - 1 - (trace.current()[t] - trace.old()[t]));
        }
      }
    }
    return sum / counting(groups);
  }

  /** Tokens that are not left out. */
  private static long counting(List<List<Trace>> groups) {
    return groups.stream()
        .flatMap(List::stream)
        .flatMapToDouble(trace -> Arrays.stream(trace.importance()))
        .filter(importance -> importance > 0)
        .count();
  }

  static long tokens(List<List<Trace>> groups) {
    return groups.stream().flatMap(List::stream).mapToLong(Trace::length).sum();
  }

  /**
   * Derivative of a value by each token's current log-probability, by central differences of fourth
   * order.
   */
  static double[][][] derivative(
      List<List<Trace>> groups, double width, ToDoubleFunction<List<List<Trace>>> value) {
    double[][][] derivative = new double[groups.size()][][];
    for (int q = 0; q < derivative.length; q++) {
      derivative[q] = new double[groups.get(q).size()][];
      for (int i = 0; i < derivative[q].length; i++) {
        double[] current = groups.get(q).get(i).current();
        derivative[q][i] = new double[current.length];
        for (int t = 0; t < current.length; t++) {
          double center = current[t];
          double[] at = new double[4];
          double[] steps = {-2, -1, 1, 2};
          for (int k = 0; k < 4; k++) {
            current[t] = center + steps[k] * width;
            at[k] = value.applyAsDouble(groups);
          }
          current[t] = center;
          derivative[q][i][t] = (8 * (at[2] - at[1]) - (at[3] - at[0])) / (12 * width);
        }
      }
    }
    return derivative;
  }
}

package dev.drpo.learner.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The objectives' values as the papers write them, in doubles, and their derivatives by finite
 * differences. Slow, and written differently from what it checks.
 */
final class Oracle {
  private Oracle() {}

  /** A response with log-probabilities that can be moved by less than a float's precision. */
  record Trace(boolean correct, double[] old, double[] current) {
    static Trace of(Response response) {
      return new Trace(response.correct(), doubles(response.old()), doubles(response.current()));
    }

    private static double[] doubles(float[] values) {
      double[] doubles = new double[values.length];
      for (int t = 0; t < values.length; t++) {
        doubles[t] = values[t];
      }
      return doubles;
    }

    double score() {
      return Arrays.stream(current).average().orElseThrow();
    }
  }

  static List<List<Trace>> traces(List<Group> groups) {
    List<List<Trace>> traces = new ArrayList<>();
    for (Group group : groups) {
      traces.add(group.responses().stream().map(Trace::of).toList());
    }
    return traces;
  }

  /** Eq. 7 with the squared hinge. */
  static double drpo(
      List<List<Trace>> groups, int budget, double lambda, double tau, double delta, double beta) {
    double sum = 0;
    for (List<Trace> group : groups) {
      List<Trace> positives = group.stream().filter(Trace::correct).toList();
      List<Trace> negatives = group.stream().filter(trace -> !trace.correct()).toList();
      if (!positives.isEmpty() && !negatives.isEmpty()) {
        for (Trace positive : positives) {
          sum += weight(positive, positives, budget, lambda) * positive.score();
        }
        sum -= tau * logMeanExp(negatives, tau);
      }
    }
    double excess = Math.max(0, divergence(groups) - delta);
    return sum / groups.size() - beta / 2 * excess * excess;
  }

  /** omega / |S+|: exp(r/lambda) over its sum, divided through by its numerator. */
  private static double weight(Trace one, List<Trace> positives, int budget, double lambda) {
    double sum = 0;
    for (Trace other : positives) {
      double longer = one.current().length - other.current().length;
      sum += Math.exp(longer / budget / lambda);
    }
    return 1 / sum;
  }

  /** log of the mean of exp(s/tau), added up two by two. */
  private static double logMeanExp(List<Trace> negatives, double tau) {
    double sum = Double.NEGATIVE_INFINITY;
    for (Trace negative : negatives) {
      double next = negative.score() / tau;
      sum = Math.max(sum, next) + Math.log1p(Math.exp(-Math.abs(sum - next)));
    }
    return sum - Math.log(negatives.size());
  }

  static double divergence(List<List<Trace>> groups) {
    double sum = 0;
    long tokens = 0;
    for (List<Trace> group : groups) {
      for (Trace trace : group) {
        sum += Arrays.stream(trace.old()).sum() - Arrays.stream(trace.current()).sum();
        tokens += trace.current().length;
      }
    }
    return sum / tokens;
  }

  /** Eq. 3 of arXiv 2402.03300 without the reference policy's term. */
  static double grpo(List<List<Trace>> groups, double clip) {
    double sum = 0;
    int responses = 0;
    for (List<Trace> group : groups) {
      double[] rewards = group.stream().mapToDouble(trace -> trace.correct() ? 1 : 0).toArray();
      double[] advantages = standardised(rewards, rewards.length);
      for (int i = 0; i < advantages.length; i++) {
        Trace trace = group.get(i);
        double ofResponse = 0;
        for (int t = 0; t < trace.current().length; t++) {
          double ratio = Math.exp(trace.current()[t]) / Math.exp(trace.old()[t]);
          double bounded = Math.max(1 - clip, Math.min(1 + clip, ratio));
          ofResponse += Math.min(ratio * advantages[i], bounded * advantages[i]);
        }
        sum += ofResponse / trace.current().length;
        responses++;
      }
    }
    return sum / responses;
  }

  /** Rewards less their mean, over their deviation; zeros where all are equal. */
  static double[] standardised(double[] rewards, double divisor) {
    double mean = Arrays.stream(rewards).average().orElseThrow();
    double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
    double deviation = Math.sqrt(squares / divisor);
    return Arrays.stream(rewards).map(r -> squares < 1e-12 ? 0 : (r - mean) / deviation).toArray();
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

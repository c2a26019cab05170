package dev.drpo.objectives;

import java.util.List;

/**
 * An estimator of KL(old || current): the token mean of a term of x = log current - log old over
 * the tokens that the old policy sampled. Where another policy sampled them, each term counts by
 * the token's importance, which makes the mean that of the old policy but for the weights' cap.
 * Tokens of importance 0 are in neither the sum nor the number that it is divided by: a mean that
 * counted them as having stayed where they are would be the smaller, the more of them there are.
 */
public enum Divergence {
  /** -x: unbiased, and may be negative. */
  K1 {
    @Override
    public double term(double x) {
      return -x;
    }

    @Override
    double slope(double x) {
      return -1;
    }
  },

  /** exp(x) - 1 - x: unbiased, never negative, and flat where the policies agree. */
  K3 {
    @Override
    public double term(double x) {
      return Math.expm1(x) - x;
    }

    @Override
    double slope(double x) {
      return Math.expm1(x);
    }
  };

  /**
   * What a token adds to the sum.
   *
   * @param x log current - log old
   */
  public abstract double term(double x);

  /** Derivative of the term by log current. */
  abstract double slope(double x);

  /** The estimate over the tokens of groups, nats; 0 where none counts. */
  public double of(List<Group> groups) {
    double sum = 0;
    for (Group group : groups) {
      for (Response response : group.responses()) {
        for (int t = 0; t < response.length(); t++) {
          sum += response.importance(t) * term(response.logRatio(t));
        }
      }
    }
    return sum / Math.max(1, countingTokens(groups));
  }

  /** Tokens that the estimate is the mean over. */
  public static long countingTokens(List<Group> groups) {
    return groups.stream()
        .flatMap(group -> group.responses().stream())
        .mapToLong(Response::countingTokens)
        .sum();
  }

  static long tokens(List<Group> groups) {
    return groups.stream()
        .flatMap(group -> group.responses().stream())
        .mapToLong(Response::length)
        .sum();
  }
}

package dev.drpo.objectives;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** How tokens are averaged over a mini-batch: by it, the objectives differ in who counts more. */
@FunctionalInterface
public interface Averaging {
  /** The share that each token of a response has in the mini-batch's mean. */
  ToDoubleFunction<Response> over(List<Group> groups);

  /** Every response counts the same, and a token the less the longer its response is. */
  static Averaging ofResponses() {
    return groups -> {
      double responses = responses(groups);
      return response -> 1 / responses / response.length();
    };
  }

  /** Every token of the mini-batch counts the same. */
  static Averaging ofTokens() {
    return groups -> {
      // Without a token there is no one to have a share.
      double tokens = Math.max(1, Divergence.tokens(groups));
      return response -> 1 / tokens;
    };
  }

  /**
   * Tokens are summed up, over a constant, so that a token counts the same in every mini-batch.
   *
   * @param lengthBudget C, tokens
   */
  static Averaging ofBudget(int lengthBudget) {
    return groups -> {
      double tokens = (double) responses(groups) * lengthBudget;
      return response -> 1 / tokens;
    };
  }

  private static long responses(List<Group> groups) {
    return groups.stream().mapToLong(Group::size).sum();
  }
}

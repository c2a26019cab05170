package dev.drpo.objectives;

import java.util.Arrays;

/**
 * w, the weights of a group's correct responses: the softmax of r_l / lambda over them, which is
 * the best distribution of correct responses within a KL of the old policy (Eq. 5-6 of arXiv
 * 2510.04474). They sum to one whatever the wrong responses are.
 *
 * @param budget C, tokens
 */
public record LengthWeights(LengthReward reward, int budget, Temperature lambda) {
  public LengthWeights {
    if (budget < 1) {
      throw new IllegalArgumentException("the length budget must be positive, not " + budget);
    }
  }

  /** The weights by response, zero for wrong ones; there must be a correct one. */
  double[] of(Group group) {
    double[] rewards =
        group.each(
            response ->
                response.correct()
                    ? reward.of(response.length(), budget)
                    : Double.NEGATIVE_INFINITY);
    double best = Arrays.stream(rewards).max().orElseThrow();
    double temperature = lambda.of(group);
    // Differences are taken before the division, so that no temperature overflows it. Wrong
    // responses stay out even where the temperature is infinite, which would make NaN of them.
    return Softmax.of(
        Arrays.stream(rewards)
            .map(r -> Double.isInfinite(r) ? r : (r - best) / temperature)
            .toArray());
  }
}

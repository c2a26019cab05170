package dev.drpo.policy.sampler;

/**
 * What distribution a token is drawn from. Truncations apply in the order top-k, top-p, min-p, and
 * what is left is drawn from in proportion to its probability.
 *
 * @param temperature divides the logits; 0 is greedy, whatever the truncations say
 * @param topP nucleus mass in (0, 1]; a token stays while the mass of those before it is below this
 *     share of what top-k left; 1 keeps all
 * @param topK most tokens that stay; 0 keeps all
 * @param minP least probability that stays, as a share of the likeliest token's, in [0, 1)
 */
public record SamplingLaw(double temperature, double topP, int topK, double minP) {
  public SamplingLaw {
    if (!(temperature >= 0 && Double.isFinite(temperature))
        || !(topP > 0 && topP <= 1)
        || topK < 0
        || !(minP >= 0 && minP < 1)) {
      throw new IllegalArgumentException(
          "temperature %s must be 0 or more, top-p %s in (0, 1], top-k %s 0 or more, min-p %s in [0, 1)"
              .formatted(temperature, topP, topK, minP));
    }
  }

  /** The whole distribution at a temperature. */
  public static SamplingLaw at(double temperature) {
    return new SamplingLaw(temperature, 1, 0, 0);
  }

  /** Whether the likeliest token is taken. */
  public boolean greedy() {
    return temperature == 0;
  }

  /** Whether some tokens can't be drawn that the temperature alone would allow. */
  public boolean truncated() {
    return topP < 1 || topK > 0 || minP > 0;
  }

  /** One draw from it. */
  public Draw draw(double uniform) {
    return new Draw(this, uniform);
  }

  /**
   * One token to be drawn.
   *
   * @param uniform random number in [0, 1) with at most 32 significant bits
   */
  public record Draw(SamplingLaw law, double uniform) {}
}

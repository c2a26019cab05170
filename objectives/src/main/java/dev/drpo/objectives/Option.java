package dev.drpo.objectives;

import java.util.Locale;

/**
 * The options of all objectives, under the names that a run's configuration has for them. Some
 * objectives share one; each objective's configuration has those that it takes as components of the
 * same names.
 */
public enum Option {
  LAMBDA(
      Bounds.ABOVE_ZERO,
      "Temperature of the length reward (Eq. 6): the lower, the more a short right response"
          + " outweighs a long one; Infinity weights right responses uniformly."),
  ADAPTIVE_LAMBDA(Bounds.NONE, "Takes 1 - the group's solve rate for `lambda`."),
  LENGTH_REWARD(Bounds.NONE, "What length is worth to a right response."),
  LENGTH_WEIGHT(Bounds.PART, "Part of a right response's reward that its length decides about."),
  SCORE(Bounds.NONE, "How much the policy favours a response."),
  TAU(
      Bounds.ABOVE_ZERO_AND_FINITE,
      "Temperature of the log-sum-exp over wrong responses; with disco, under the score"
          + " log-likelihood."),
  RATIO_TAU(Bounds.ABOVE_ZERO_AND_FINITE, "The same temperature under the score likelihood-ratio."),
  DELTA(Bounds.ZERO_OR_MORE, "Trust region: the bound on KL(old || new), nats a token."),
  BETA(Bounds.ZERO_OR_MORE_AND_FINITE, "Weight of the squared hinge outside the trust region."),
  KL(Bounds.NONE, "Estimator of the KL: k1 is old - new log-probability, k3 is never negative."),
  ALL_CORRECT(
      Bounds.NONE,
      "What a group without a wrong response adds: none, as in the paper; pull, the term of its"
          + " right responses alone; contrast, the same less their mean, which pushes long ones"
          + " down."),
  CUT_AFTER_ANSWER(
      Bounds.NONE,
      "Whether the tokens of a right response between the first statement of the answer in its"
          + " reasoning and `</think>` are not pulled up."),
  CLIP(
      Bounds.INSIDE_OF_ONE,
      "How far a probability ratio may leave 1; with dapo and dler, how far it may fall."),
  CLIP_HIGH(Bounds.ABOVE_ZERO_AND_FINITE, "How far a probability ratio may rise."),
  OVERLONG_RAMP(
      Bounds.PART,
      "Last part of `sampling.max-response-tokens`, over which a punishment of length grows to 1."),
  RLOO_ALPHA(
      Bounds.LESS_THAN_ALL, "Largest part of a right response's reward that its length can take."),
  ALP_BETA(
      Bounds.ZERO_OR_MORE_AND_FINITE, "Reward that a token costs where every response is right."),
  HAPO_WEIGHT(Bounds.ZERO_OR_MORE_AND_FINITE, "Weight of the length term."),
  L1_ALPHA(Bounds.ABOVE_ZERO_AND_FINITE, "Reward per token below the target."),
  L1_TARGET(Bounds.PART, "The target, as a part of `sampling.max-response-tokens`."),
  LENGTH_TARGET(
      Bounds.PART,
      "Longest right response that earns everything, as a part of `sampling.max-response-tokens`;"
          + " with dler, the longest that earns anything."),
  DLER_BOOST(
      Bounds.ZERO_OR_MORE_AND_FINITE, "Added to the advantage of a response that is rewarded."),
  DDCA_BETA(
      Bounds.ZERO_OR_MORE_AND_FINITE,
      "Weight of length among right responses where every response is right."),
  GR3_ALPHA(
      Bounds.ZERO_OR_MORE_AND_FINITE,
      "How strongly a right response's length, over the group's mean, divides its reward."),
  LASER_BONUS(
      Bounds.ZERO_OR_MORE_AND_FINITE, "Earned by a right response that keeps to `length-target`."),
  KIMI_WEIGHT(Bounds.ZERO_OR_MORE_AND_FINITE, "Weight of the length term."),
  SHORTER_ALPHA(Bounds.ABOVE_ZERO_AND_FINITE, "Reward of a right answer."),
  SHORTER_BETA(
      Bounds.ZERO_OR_MORE_AND_FINITE,
      "Reward that a token away from the shortest right response costs.");

  /** What a number must be. */
  private enum Bounds {
    /** Of what is no number. */
    NONE(""),
    ABOVE_ZERO("above 0 (Infinity is allowed)"),
    ABOVE_ZERO_AND_FINITE("above 0 and finite"),
    ZERO_OR_MORE("0 or more"),
    ZERO_OR_MORE_AND_FINITE("0 or more and finite"),
    INSIDE_OF_ONE("above 0 and below 1"),
    PART("in (0, 1]"),
    LESS_THAN_ALL("in [0, 1), since a right response must be worth more than a wrong one");

    private final String text;

    Bounds(String text) {
      this.text = text;
    }

    boolean hold(double value) {
      return switch (this) {
        case NONE -> true;
        case ABOVE_ZERO -> value > 0;
        case ABOVE_ZERO_AND_FINITE -> value > 0 && Double.isFinite(value);
        case ZERO_OR_MORE -> value >= 0;
        case ZERO_OR_MORE_AND_FINITE -> value >= 0 && Double.isFinite(value);
        case INSIDE_OF_ONE -> value > 0 && value < 1;
        case PART -> value > 0 && value <= 1;
        case LESS_THAN_ALL -> value >= 0 && value < 1;
      };
    }
  }

  private final Bounds bounds;
  private final String meaning;

  Option(Bounds bounds, String meaning) {
    this.bounds = bounds;
    this.meaning = meaning;
  }

  /** Its name in a configuration, such as {@code rloo-alpha}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a number must be, such as "above 0 and finite"; empty for what is no number. */
  public String bounds() {
    return bounds.text;
  }

  /** What it means, for a person. */
  public String meaning() {
    return meaning;
  }

  /**
   * Refuses a value outside of the bounds.
   *
   * @throws IllegalArgumentException if it is; the message begins with the {@link #key}
   */
  void require(double value) {
    require(bounds.hold(value), value, "it must be " + bounds.text);
  }

  /** Refuses a value that does not go with the others. */
  void require(boolean fits, Object value, String expectation) {
    if (!fits) {
      throw new IllegalArgumentException(key() + " is " + value + "; " + expectation);
    }
  }
}

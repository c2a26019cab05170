package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.Requirements.requirePositive;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The objective and its options, named as in the papers. Each objective takes some of them; one
 * that it does not take must have its default, since a change would have no effect.
 *
 * @param lambda temperature of drpo's length reward
 * @param adaptiveLambda whether drpo takes 1 - solve rate in place of {@code lambda}
 * @param lengthReward one of {@link #LENGTH_REWARDS}
 * @param score of disco, one of {@link #SCORES}
 * @param tau temperature over wrong responses, with the score log-likelihood
 * @param ratioTau the same with the score likelihood-ratio
 * @param delta bound of the trust region, nats
 * @param beta weight of its hinge
 * @param kl its estimator, one of {@link #ESTIMATORS}
 * @param clip how far a probability ratio may leave 1, or with dapo fall below it
 * @param clipHigh how far it may rise with dapo
 * @param overlongRamp part of the length budget that dapo punishes
 * @param rlooAlpha largest part of a reward that length can take with rloo-lp
 * @param alpBeta reward per token with alp
 * @param hapoWeight weight of hapo's length term
 * @param l1Alpha reward per token below l1-max's target
 * @param l1Target that target as a part of the length budget
 */
public record ObjectiveConfig(
    String name,
    double lambda,
    boolean adaptiveLambda,
    String lengthReward,
    String score,
    double tau,
    double ratioTau,
    double delta,
    double beta,
    String kl,
    double clip,
    double clipHigh,
    double overlongRamp,
    double rlooAlpha,
    double alpBeta,
    double hapoWeight,
    double l1Alpha,
    double l1Target) {
  /** The objectives; DRPO and its predecessor first. */
  public static final List<String> NAMES =
      List.of(
          "drpo",
          "disco",
          "grpo",
          "grpo-length",
          "dr-grpo",
          "dapo",
          "rloo-lp",
          "alp",
          "hapo",
          "l1-max");

  public static final List<String> LENGTH_REWARDS = List.of("linear", "concave", "cosine");
  public static final List<String> SCORES = List.of("log-likelihood", "likelihood-ratio");
  public static final List<String> ESTIMATORS = List.of("k1", "k3");

  private static final String RATIO = "likelihood-ratio";

  public ObjectiveConfig {
    requireOneOf("name", name, NAMES);
    requireOneOf("length-reward", lengthReward, LENGTH_REWARDS);
    requireOneOf("score", score, SCORES);
    requireOneOf("kl", kl, ESTIMATORS);
    require(lambda > 0, "objective.lambda", lambda, "it must be above 0 (Infinity is allowed)");
    requirePositive("objective.tau", tau);
    requirePositive("objective.ratio-tau", ratioTau);
    require(delta >= 0, "objective.delta", delta, "it must be 0 or more");
    requireZeroOrMore("beta", beta);
    require(clip > 0 && clip < 1, "objective.clip", clip, "it must lie between 0 and 1");
    requirePositive("objective.clip-high", clipHigh);
    require(
        overlongRamp > 0 && overlongRamp <= 1,
        "objective.overlong-ramp",
        overlongRamp,
        "it must lie in (0, 1]");
    require(
        rlooAlpha >= 0 && rlooAlpha < 1,
        "objective.rloo-alpha",
        rlooAlpha,
        "it must lie in [0, 1), since a right response must be worth more than a wrong one");
    requireZeroOrMore("alp-beta", alpBeta);
    requireZeroOrMore("hapo-weight", hapoWeight);
    requirePositive("objective.l1-alpha", l1Alpha);
    require(
        l1Target > 0 && l1Target <= 1, "objective.l1-target", l1Target, "it must lie in (0, 1]");

    requireTaken(name, "lambda", lambda, 0.1);
    requireTaken(name, "adaptive-lambda", adaptiveLambda, false);
    requireTaken(name, "length-reward", lengthReward, "linear");
    requireTaken(name, "score", score, "log-likelihood");
    requireTaken(name, "tau", tau, 10.0);
    requireTaken(name, "ratio-tau", ratioTau, 1.0);
    requireTaken(name, "delta", delta, 1e-4);
    requireTaken(name, "beta", beta, 1e3);
    requireTaken(name, "kl", kl, "k1");
    requireTaken(name, "clip", clip, 0.2);
    requireTaken(name, "clip-high", clipHigh, 0.28);
    requireTaken(name, "overlong-ramp", overlongRamp, 0.2);
    requireTaken(name, "rloo-alpha", rlooAlpha, 0.1);
    requireTaken(name, "alp-beta", alpBeta, 1e-7);
    requireTaken(name, "hapo-weight", hapoWeight, 1.0);
    requireTaken(name, "l1-alpha", l1Alpha, 3e-4);
    requireTaken(name, "l1-target", l1Target, 1.0);
    require(
        !adaptiveLambda || lambda == 0.1,
        "objective.lambda",
        lambda,
        "objective.adaptive-lambda takes 1 - solve rate in its place; set one of the two");
    require(
        !score.equals(RATIO) || tau == 10,
        "objective.tau",
        tau,
        "with the score " + RATIO + " it is objective.ratio-tau that counts; set that one");
    require(
        score.equals(RATIO) || ratioTau == 1,
        "objective.ratio-tau",
        ratioTau,
        "it counts with the score " + RATIO + " only; set objective.tau");
  }

  /** The keys of {@code objective} that an objective takes, besides its name. */
  static List<String> keysOf(String name) {
    return switch (name) {
      case "drpo" ->
          List.of("lambda", "adaptive-lambda", "length-reward", "tau", "delta", "beta", "kl");
      case "disco" -> List.of("score", "tau", "ratio-tau", "delta", "beta", "kl");
      case "grpo", "dr-grpo" -> List.of("clip");
      case "grpo-length" -> List.of("clip", "length-reward");
      case "dapo" -> List.of("clip", "clip-high", "overlong-ramp");
      case "rloo-lp" -> List.of("clip", "rloo-alpha");
      case "alp" -> List.of("clip", "alp-beta");
      case "hapo" -> List.of("clip", "hapo-weight");
      case "l1-max" -> List.of("clip", "l1-alpha", "l1-target");
      default -> throw new IllegalArgumentException("unknown objective " + name);
    };
  }

  /** delta of the objectives that hold the policy in a trust region. */
  public OptionalDouble trustRegion() {
    return isGroupRelative() ? OptionalDouble.empty() : OptionalDouble.of(delta);
  }

  /** lambda of the objectives that weight right responses at one temperature for all questions. */
  public OptionalDouble lengthTemperature() {
    if (name.equals("disco")) {
      return OptionalDouble.of(Double.POSITIVE_INFINITY);
    }
    return isGroupRelative() || adaptiveLambda ? OptionalDouble.empty() : OptionalDouble.of(lambda);
  }

  /** Whether it compares the responses of a group by their rewards and clips ratios. */
  boolean isGroupRelative() {
    return keysOf(name).contains("clip");
  }

  /** Whether it learns from the reward's size, not only from right and wrong. */
  boolean takesRealRewards() {
    return name.equals("grpo") || name.equals("dr-grpo");
  }

  private static void requireOneOf(String key, String value, List<String> allowed) {
    require(allowed.contains(value), "objective." + key, value, "it must be one of " + allowed);
  }

  private static void requireZeroOrMore(String key, double value) {
    require(
        value >= 0 && Double.isFinite(value),
        "objective." + key,
        value,
        "it must be 0 or more and finite");
  }

  /** Refuses an option that would have no effect. */
  private static void requireTaken(String name, String key, Object value, Object byDefault) {
    List<String> takers = NAMES.stream().filter(other -> keysOf(other).contains(key)).toList();
    require(
        value.equals(byDefault) || takers.contains(name),
        "objective." + key,
        value,
        "the objective "
            + name
            + " does not take it, "
            + String.join(" and ", takers)
            + (takers.size() == 1 ? " does" : " do")
            + "; leave it at "
            + byDefault);
  }
}

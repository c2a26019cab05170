package dev.drpo.runtime.config;

import dev.drpo.objectives.Alp;
import dev.drpo.objectives.Dapo;
import dev.drpo.objectives.Disco;
import dev.drpo.objectives.Divergence;
import dev.drpo.objectives.DrGrpo;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Grpo;
import dev.drpo.objectives.GrpoLength;
import dev.drpo.objectives.Hapo;
import dev.drpo.objectives.L1Max;
import dev.drpo.objectives.LengthReward;
import dev.drpo.objectives.LengthWeights;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.RlooLp;
import dev.drpo.objectives.Score;
import dev.drpo.objectives.Temperature;
import dev.drpo.objectives.TrustRegion;

/** Makes the objective that a configuration names. */
public final class Objectives {
  private Objectives() {}

  /**
   * Makes one that has seen nothing yet.
   *
   * @param lengthBudget C, the longest response, tokens
   */
  public static Objective of(ObjectiveConfig settings, int lengthBudget) {
    double clip = settings.clip();
    return switch (settings.name()) {
      case "drpo" -> drpo(settings, lengthBudget);
      case "disco" -> disco(settings);
      case "grpo" -> new Grpo(clip);
      case "grpo-length" ->
          new GrpoLength(clip, lengthReward(settings.lengthReward()), lengthBudget);
      case "dr-grpo" -> new DrGrpo(clip, lengthBudget);
      case "dapo" -> new Dapo(clip, settings.clipHigh(), settings.overlongRamp(), lengthBudget);
      case "rloo-lp" -> new RlooLp(clip, settings.rlooAlpha());
      case "alp" -> new Alp(clip, settings.alpBeta());
      case "hapo" -> new Hapo(clip, settings.hapoWeight());
      case "l1-max" -> new L1Max(clip, settings.l1Alpha(), settings.l1Target() * lengthBudget);
      default -> throw unknown("objective", settings.name());
    };
  }

  private static Objective drpo(ObjectiveConfig settings, int lengthBudget) {
    Temperature lambda =
        settings.adaptiveLambda() ? Temperature.adaptive() : Temperature.fixed(settings.lambda());
    return new Drpo(
        new LengthWeights(lengthReward(settings.lengthReward()), lengthBudget, lambda),
        settings.tau(),
        trustRegion(settings));
  }

  private static Objective disco(ObjectiveConfig settings) {
    return switch (settings.score()) {
      case "log-likelihood" ->
          new Disco(Score.LOG_LIKELIHOOD, settings.tau(), trustRegion(settings));
      case "likelihood-ratio" ->
          new Disco(Score.LIKELIHOOD_RATIO, settings.ratioTau(), trustRegion(settings));
      default -> throw unknown("score", settings.score());
    };
  }

  private static TrustRegion trustRegion(ObjectiveConfig settings) {
    Divergence estimator =
        switch (settings.kl()) {
          case "k1" -> Divergence.K1;
          case "k3" -> Divergence.K3;
          default -> throw unknown("KL estimator", settings.kl());
        };
    return new TrustRegion(settings.delta(), settings.beta(), estimator);
  }

  private static LengthReward lengthReward(String name) {
    return switch (name) {
      case "linear" -> LengthReward.LINEAR;
      case "concave" -> LengthReward.CONCAVE;
      case "cosine" -> LengthReward.COSINE;
      default -> throw unknown("length reward", name);
    };
  }

  private static IllegalArgumentException unknown(String what, String name) {
    return new IllegalArgumentException("unknown " + what + " " + name);
  }
}

package dev.drpo.reward.function;

import jakarta.inject.Singleton;

/** A function as somebody else would add it: nothing names it but the configuration. */
@Singleton
class BrevityFunction implements RewardFunction {
  @Override
  public String name() {
    return "brevity";
  }

  @Override
  public double value(Submission submission) {
    return 1.0 / (1 + submission.response().length());
  }
}

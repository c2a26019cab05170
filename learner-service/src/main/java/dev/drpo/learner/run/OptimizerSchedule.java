package dev.drpo.learner.run;

import dev.drpo.learner.step.LearningRate;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.OptimizerConfig;
import dev.drpo.runtime.config.RunConfig;

/** The optimizer's settings by training step: only the learning rate changes. */
record OptimizerSchedule(OptimizerConfig settings, LearningRate learningRate) {
  static OptimizerSchedule of(RunConfig config) {
    OptimizerConfig settings = config.optimizer();
    return new OptimizerSchedule(
        settings,
        new LearningRate(
            settings.learningRate(),
            settings.warmupSteps(),
            decay(settings.schedule()),
            config.training().steps()));
  }

  private static LearningRate.Decay decay(OptimizerConfig.Schedule schedule) {
    return switch (schedule) {
      case CONSTANT -> LearningRate.Decay.NONE;
      case COSINE -> LearningRate.Decay.COSINE;
    };
  }

  /** The settings of a step; the first is 0. */
  PolicyTrainer.AdamW at(long step) {
    return new PolicyTrainer.AdamW(
        learningRate.at(step),
        settings.beta1(),
        settings.beta2(),
        settings.epsilon(),
        settings.weightDecay(),
        settings.maxGradientNorm());
  }
}

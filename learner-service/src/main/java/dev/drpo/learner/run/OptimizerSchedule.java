package dev.drpo.learner.run;

import dev.drpo.learner.step.LearningRate;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RunConfig;

/** The optimizer's settings by training step: only the learning rate changes. */
record OptimizerSchedule(RunConfig.Optimizer settings, LearningRate learningRate) {
  static OptimizerSchedule of(RunConfig config) {
    RunConfig.Optimizer settings = config.optimizer();
    return new OptimizerSchedule(
        settings,
        new LearningRate(
            settings.learningRate(),
            settings.warmupSteps(),
            settings.schedule().equals("cosine")
                ? LearningRate.Decay.COSINE
                : LearningRate.Decay.NONE,
            config.training().steps()));
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

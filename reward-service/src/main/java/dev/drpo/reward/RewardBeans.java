package dev.drpo.reward;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.runtime.config.RunConfig;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes what the judge is wired from beside what all services have. */
@Dependent
class RewardBeans {

  @Produces
  @Singleton
  Limits limits() {
    return Limits.DEFAULT;
  }

  @Produces
  @Singleton
  Judge judge(Limits limits) {
    return new Judge(limits);
  }

  /** The run's conventions, which requests may replace one by one. */
  @Produces
  @Singleton
  Conventions conventions(RunConfig configuration) {
    return configuration.reward().conventions();
  }
}

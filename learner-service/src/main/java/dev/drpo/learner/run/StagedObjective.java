package dev.drpo.learner.run;

import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.objectives.Signal;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's objective, under the length budget of the step that is learned from. What it remembers of
 * past responses goes on from one budget to the next.
 */
final class StagedObjective implements Objective {
  private final ObjectiveConfig config;
  private final RunConfig.Sampling sampling;
  private int budget;
  private Objective objective;

  /** Begins with the first step's budget; it has seen nothing yet. */
  StagedObjective(RunConfig config) {
    this(config.objective(), config.sampling());
  }

  private StagedObjective(ObjectiveConfig config, RunConfig.Sampling sampling) {
    this.config = config;
    this.sampling = sampling;
    this.budget = sampling.responseBudget(0);
    this.objective = this.config.objective(budget);
  }

  /** DRPO with its paper's options under the same budgets; none beside DRPO itself. */
  static Optional<StagedObjective> drpoBeside(RunConfig config) {
    return config.objective() instanceof Drpo.Config
        ? Optional.empty()
        : Optional.of(new StagedObjective(Drpo.Config.DEFAULT, config.sampling()));
  }

  /**
   * Takes the budget of a step; to be called before the step is learned from.
   *
   * @param step the first is 0
   */
  void enter(long step) {
    int next = sampling.responseBudget(step);
    if (next != budget) {
      Objective other = config.objective(next);
      other.restore(objective.state());
      objective = other;
      budget = next;
    }
  }

  /** What a group of a step needs to be learned from, whichever step is entered. */
  Signal signal(long step) {
    return config.objective(sampling.responseBudget(step)).signal();
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return objective.evaluate(groups);
  }

  @Override
  public Signal signal() {
    return objective.signal();
  }

  @Override
  public void observe(String question, boolean correct, int length) {
    objective.observe(question, correct, length);
  }

  @Override
  public Map<String, Long> state() {
    return objective.state();
  }

  @Override
  public void restore(Map<String, Long> state) {
    objective.restore(state);
  }
}

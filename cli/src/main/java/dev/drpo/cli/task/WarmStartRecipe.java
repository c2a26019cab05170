package dev.drpo.cli.task;

import java.util.List;

/**
 * What the warm start trains on, and how fast. The learning rate rises linearly at the start of
 * each cycle and then falls to zero along a cosine over the whole cycle.
 *
 * @param cycles taken one after the other
 */
record WarmStartRecipe(List<Cycle> cycles) {
  private static final int RAMP_STEPS = 50;

  /** Stages under one arc of the learning rate. */
  record Cycle(double peakLearningRate, List<Stage> stages) {
    Cycle {
      stages = List.copyOf(stages);
    }

    int steps() {
      return stages.stream().mapToInt(Stage::steps).sum();
    }
  }

  /**
   * Optimizer steps on the same kind of data.
   *
   * @param tracesPerStep traces of one optimizer step
   */
  record Stage(String name, int steps, int tracesPerStep, TraceMix mix) {}

  /** One optimizer step of the recipe. */
  record Step(Stage stage, double learningRate) {}

  /**
   * Short traces without errors teach the arithmetic first; from verbose traces alone, most of
   * whose tokens are copies, a model this small takes several times longer to learn it.
   */
  static final WarmStartRecipe STANDARD =
      new WarmStartRecipe(
          List.of(
              new Cycle(
                  3e-3,
                  List.of(
                      new Stage("foundation", 450, 64, TraceMix.FOUNDATION),
                      new Stage("long-winded", 450, 32, TraceMix.LONG_WINDED))),
              new Cycle(2e-3, List.of(new Stage("practice", 400, 32, TraceMix.LONG_WINDED))),
              new Cycle(1e-3, List.of(new Stage("polish", 160, 32, TraceMix.LONG_WINDED)))));

  WarmStartRecipe {
    cycles = List.copyOf(cycles);
  }

  /**
   * The same recipe with every stage's number of steps multiplied, and at least one step in each.
   */
  WarmStartRecipe scaled(double factor) {
    return new WarmStartRecipe(
        cycles.stream()
            .map(
                cycle ->
                    new Cycle(
                        cycle.peakLearningRate(),
                        cycle.stages().stream().map(stage -> scaled(stage, factor)).toList()))
            .toList());
  }

  private static Stage scaled(Stage stage, double factor) {
    int steps = Math.max(1, (int) Math.rint(stage.steps() * factor));
    return new Stage(stage.name(), steps, stage.tracesPerStep(), stage.mix());
  }

  int steps() {
    return cycles.stream().mapToInt(Cycle::steps).sum();
  }

  /** The step at an index below {@link #steps}. */
  Step step(int index) {
    int left = index;
    for (Cycle cycle : cycles) {
      if (left < cycle.steps()) {
        return new Step(stageAt(cycle, left), learningRate(cycle, left));
      }
      left -= cycle.steps();
    }
    throw new IndexOutOfBoundsException("step " + index + " of a recipe of " + steps());
  }

  private static Stage stageAt(Cycle cycle, int index) {
    int left = index;
    for (Stage stage : cycle.stages()) {
      if (left < stage.steps()) {
        return stage;
      }
      left -= stage.steps();
    }
    throw new IndexOutOfBoundsException("step " + index + " of a cycle of " + cycle.steps());
  }

  private static double learningRate(Cycle cycle, int index) {
    double ramp = Math.min(1, (index + 1.0) / RAMP_STEPS);
    // StrictMath gives the same bits on every machine.
    double arc = 0.5 + 0.5 * StrictMath.cos(Math.PI * index / cycle.steps());
    return cycle.peakLearningRate() * ramp * arc;
  }
}

package dev.drpo.cli.sft;

import dev.drpo.policy.sft.LearningRate;
import java.util.List;
import java.util.Optional;

/**
 * A stage as it was given, by options or in a recipe, whose names are the same: what is empty has
 * its default.
 */
record GivenStage(
    Optional<String> name,
    List<Recipe.Data> data,
    Optional<Integer> steps,
    Optional<Integer> epochs,
    Optional<Integer> batch,
    Optional<Double> learningRate,
    Optional<String> schedule,
    Optional<Integer> warmUp,
    Optional<Double> floor) {
  static final int DEFAULT_BATCH = 32;
  static final double DEFAULT_LEARNING_RATE = 1e-5;
  static final String DEFAULT_SCHEDULE = "cosine";

  /** Says of a stage that it goes on under the learning rate of the one before it. */
  private static final String CONTINUED = "continued";

  /**
   * The stage.
   *
   * @param number from 0
   * @throws IllegalArgumentException if a value is impossible; the message begins with its name
   */
  Recipe.Stage stage(int number) {
    return new Recipe.Stage(
        name.orElse("stage " + (number + 1)),
        checkedData(),
        length(),
        checkedBatch(),
        rate(number));
  }

  private List<Recipe.Data> checkedData() {
    require(!data.isEmpty(), "data is missing; name a file of traces");
    long weighted = data.stream().filter(file -> file.weight().isPresent()).count();
    require(
        weighted == 0 || weighted == data.size(),
        "data has files with and without a weight; give one to all of them or to none");
    for (Recipe.Data file : data) {
      double weight = file.weight().orElse(1.0);
      require(
          weight > 0 && Double.isFinite(weight),
          "data has %s with weight %s; it must be above 0 and finite"
              .formatted(file.file(), weight));
    }
    return data;
  }

  private Recipe.Length length() {
    require(
        steps.isEmpty() || epochs.isEmpty(), "steps and epochs are both given; give one of them");
    if (steps.isPresent()) {
      require(steps.get() >= 1, "steps is " + steps.get() + "; it must be 1 or more");
      return new Recipe.Length.Steps(steps.get());
    }
    require(
        data.getFirst().weight().isEmpty(),
        "steps is missing; files with weights have no common epoch, so that steps must be given");
    int count = epochs.orElse(1);
    require(count >= 1, "epochs is " + count + "; it must be 1 or more");
    return new Recipe.Length.Epochs(count);
  }

  private int checkedBatch() {
    int count = batch.orElse(DEFAULT_BATCH);
    require(count >= 1, "batch is " + count + "; it must be 1 or more");
    return count;
  }

  private Optional<LearningRate> rate(int number) {
    if (schedule.filter(CONTINUED::equals).isPresent()) {
      require(number > 0, "schedule is continued, but no stage comes before; name a schedule");
      require(
          learningRate.isEmpty() && warmUp.isEmpty() && floor.isEmpty(),
          "schedule is continued, which leaves learning-rate, warm-up and floor to the stage before;"
              + " leave them out here");
      return Optional.empty();
    }
    return Optional.of(
        new LearningRate(
            learningRate.orElse(DEFAULT_LEARNING_RATE),
            Choice.of(
                LearningRate.Shape.class, "schedule", schedule.orElse(DEFAULT_SCHEDULE), CONTINUED),
            warmUp.orElse(0),
            floor.orElse(0.0)));
  }

  private static void require(boolean holds, String expectation) {
    if (!holds) {
      throw new IllegalArgumentException(expectation);
    }
  }
}

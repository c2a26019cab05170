package dev.drpo.learner.step;

import static dev.drpo.learner.step.StepFixture.BUDGET;
import static dev.drpo.learner.step.StepFixture.EVERYTHING;
import static dev.drpo.learner.step.StepFixture.NEVER_PUBLISHED;
import static dev.drpo.learner.step.StepFixture.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.step.MiniBatchUpdate.Old;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Grpo;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The objective sees the whole mini-batch however many devices compute it. */
class StepDevicesTest {
  private static final PolicyTrainer.AdamW ADAM =
      new PolicyTrainer.AdamW(1e-3, 0.9, 0.999, 1e-6, 0.01, 1);

  @TempDir Path folder;
  private StepFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new StepFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** With drift, the KL hinge is active, so that each device's part depends on all others'. */
  @Test
  void anyNumberOfDevicesGivesTheGradientOfTheWholeMiniBatch() {
    for (int devices : new int[] {2, 3}) {
      try (PolicyTrainer spread = fixture.loadOnDevices(fixture.weights, devices)) {
        for (int seed = 0; seed < 12; seed++) {
          List<TrainingGroup> groups = fixture.groups(new Random(seed), seed % 2 == 0 ? 0 : 0.5);
          for (Objective objective : List.of(new Drpo(BUDGET, 0.1, 10, 1e-4, 1e3), new Grpo(0.2))) {
            List<float[]> whole =
                gradient(fixture.trainer, update(fixture.trainer, objective, 1, 0), groups);
            // Activations that are kept go another way through the trainer.
            for (int retained : new int[] {0, EVERYTHING}) {
              List<float[]> parts =
                  gradient(spread, update(spread, objective, devices, retained), groups);
              assertThat(StepFixture.distance(parts, whole))
                  .as("seed %d, %d devices, %d tokens retained", seed, devices, retained)
                  .isLessThanOrEqualTo(1e-6);
            }
          }
        }
      }
    }
  }

  @Test
  void aTrainingOnSeveralDevicesIsThatOnOne() throws IOException {
    Path one = train(fixture.loadOnDevices(fixture.weights, 1), 1);
    Path three = train(fixture.loadOnDevices(fixture.weights, 3), 3);
    assertThat(StepFixture.distance(read(three), read(one))).isLessThanOrEqualTo(1e-6);
    assertThat(train(fixture.loadOnDevices(fixture.weights, 3), 3)).hasSameBinaryContentAs(three);
  }

  private Path train(PolicyTrainer trainer, int devices) throws IOException {
    Path trained = folder.resolve("trained-" + System.identityHashCode(trainer));
    try (trainer) {
      MiniBatchUpdate update =
          update(trainer, new Drpo(BUDGET, 0.1, 10, 1e-4, 1e3), devices, EVERYTHING);
      for (int seed = 0; seed < 8; seed++) {
        List<TrainingGroup> groups = fixture.groups(new Random(seed), 0);
        assertThat(update.apply(groups, NEVER_PUBLISHED, Old.GIVEN, ADAM).outcome())
            .isInstanceOf(Outcome.Applied.class);
      }
      trainer.decoder().save(trained, ElementType.F32);
    }
    return trained;
  }

  private List<float[]> read(Path weights) {
    MicroBatch batch =
        MicroBatch.of(
            List.of(
                new MicroBatch.Sequence(new int[] {1}, new int[] {2, 3}),
                new MicroBatch.Sequence(new int[] {4}, new int[] {5, 6})));
    try (PolicyTrainer trainer = fixture.load(weights, 1)) {
      return trainer.logProbabilities(List.of(batch), TEMPERATURE);
    }
  }

  private static List<float[]> gradient(
      PolicyTrainer trainer, MiniBatchUpdate update, List<TrainingGroup> groups) {
    update.accumulate(groups, NEVER_PUBLISHED);
    return trainer.gradients();
  }

  private static MiniBatchUpdate update(
      PolicyTrainer trainer, Objective objective, int devices, int retained) {
    return new MiniBatchUpdate(
        trainer,
        objective,
        new UpdateSettings(TEMPERATURE, 64, retained, devices, Importance.NONE));
  }
}

package dev.drpo.policy.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.sft.Curriculum.Arc;
import dev.drpo.policy.sft.Curriculum.Stage;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurriculumTest {
  private static final Mixture MIXTURE =
      Mixture.of(List.of(new Sequence(new int[] {1}, new int[] {2})));

  /** An arc of 3 + 2 steps, and one of 4. */
  private static final Curriculum CURRICULUM =
      new Curriculum(
          List.of(
              new Arc(
                  new LearningRate(1, LearningRate.Shape.LINEAR, 0, 0),
                  List.of(new Stage("a", MIXTURE, 10, 4), new Stage("b", MIXTURE, 4, 2))),
              new Arc(
                  new LearningRate(2, LearningRate.Shape.CONSTANT, 2, 0),
                  List.of(new Stage("c", MIXTURE, 4, 1)))));

  @ParameterizedTest
  @CsvSource({
    "0, a, 0, 0, 4, 1.0",
    "1, a, 0, 4, 4, 0.8",
    "2, a, 0, 8, 2, 0.6",
    "3, b, 1, 0, 2, 0.4",
    "4, b, 1, 2, 2, 0.2",
    "5, c, 2, 0, 1, 1.0",
    "6, c, 2, 1, 1, 2.0",
    "8, c, 2, 3, 1, 2.0"
  })
  void aStepKnowsItsStageItsPlaceInItAndItsLearningRate(
      int index, String stage, int number, long before, int batch, double rate) {
    Curriculum.Step step = CURRICULUM.at(index);

    assertThat(step.stage().name()).isEqualTo(stage);
    assertThat(step.stageNumber()).isEqualTo(number);
    assertThat(step.drawnBefore()).isEqualTo(before);
    assertThat(step.batch()).isEqualTo(batch);
    assertThat(step.learningRate()).isCloseTo(rate, within(1e-12));
  }

  @Test
  void thereIsNoStepBehindTheLast() {
    assertThat(CURRICULUM.steps()).isEqualTo(9);
    assertThatThrownBy(() -> CURRICULUM.at(9)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 0, 0.0, 7, 3.0",
    "LINEAR, 0, 0.0, 0, 3.0",
    "LINEAR, 0, 0.0, 5, 1.5",
    "LINEAR, 0, 0.2, 5, 1.8",
    "COSINE, 0, 0.0, 5, 1.5",
    "COSINE, 0, 0.0, 9, 0.07341523",
    "COSINE, 0, 0.5, 5, 2.25",
    "COSINE, 4, 0.0, 0, 0.75",
    "LINEAR, 4, 0.0, 1, 1.35",
    "LINEAR, 4, 0.0, 4, 1.8"
  })
  void theRateFallsAlongItsShapeAndRisesOverTheWarmUp(
      LearningRate.Shape shape, int warmUp, double floor, int step, double expected) {
    LearningRate rate = new LearningRate(3, shape, warmUp, floor);

    assertThat(rate.at(step, 10)).isCloseTo(expected, within(1e-8));
  }

  @Test
  void impossibleNumbersAreNamedAsInRecipes() {
    assertThatThrownBy(() -> new LearningRate(0, LearningRate.Shape.LINEAR, 0, 0))
        .hasMessage("learning-rate is 0.0; it must be above 0 and finite");
    assertThatThrownBy(() -> new LearningRate(1, LearningRate.Shape.LINEAR, -1, 0))
        .hasMessage("warm-up is -1; it must be 0 or more");
    assertThatThrownBy(() -> new LearningRate(1, LearningRate.Shape.LINEAR, 0, 1.5))
        .hasMessage("floor is 1.5; it must be in [0, 1]");
    assertThatThrownBy(() -> new OptimizerSettings(0.9, 1, 1e-8, 0, 1))
        .hasMessage("beta2 is 1.0; it must be in [0, 1)");
    assertThatThrownBy(() -> new OptimizerSettings(0.9, 0.9, 1e-8, Double.NaN, 1))
        .hasMessage("weight-decay is NaN; it must be 0 or more and finite");
    assertThatThrownBy(() -> new Mixture.Part(MIXTURE.parts().getFirst().sequences(), 0))
        .hasMessage("weight is 0.0; it must be above 0 and finite");
  }
}

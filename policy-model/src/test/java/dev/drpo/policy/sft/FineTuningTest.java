package dev.drpo.policy.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.PaddedBatch;
import dev.drpo.policy.RandomSequences;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.sft.Curriculum.Arc;
import dev.drpo.policy.sft.Curriculum.Stage;
import dev.drpo.policy.trainer.Gradients;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyScorer;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FineTuningTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;

  /** Clips no gradient, which would also scale the one that can be looked at. */
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(0.9, 0.98, 1e-8, 0.01, 1e9);

  private static final LearningRate RATE =
      new LearningRate(1e-2, LearningRate.Shape.COSINE, 2, 0.1);

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private Path weights;
  private List<Sequence> sequences;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = RandomWeights.of(CONFIG, 41).write(folder.resolve("model.safetensors"));
    sequences = new RandomSequences(CONFIG, 42).alone(7, 8, 12);
  }

  /**
   * The oracle's coefficients are of response tokens alone, so that a prompt's tokens that were
   * learned, or a neighbour in a pass that was attended to, would show.
   */
  @ParameterizedTest
  @CsvSource({"TOKENS, 1000, 1", "TOKENS, 30, 2", "TOKENS, 1, 1", "SEQUENCES, 30, 1"})
  void theGradientIsThatOfTheWeighedMeanOverResponseTokens(
      Weighing weighing, int tokensPerPass, int workers) throws Exception {
    try (PolicyTrainer trainer = trainer(workers)) {
      FineTuning tuning =
          tuning(trainer, oneBatch(), weighing, new Packing(tokensPerPass, workers));
      double loss = tuning.step().loss();

      assertThat(loss).isCloseTo(scored(weighing), within(1e-5));
      Gradients.accumulated(trainer)
          .assertClose(
              engine
                  .oracle(CONFIG, weights)
                  .gradients(PaddedBatch.of(sequences), coefficients(weighing), 1),
              2e-5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLossOfHeldOutSequencesIsThatOfTheScorersLogProbabilities(Weighing weighing)
      throws Exception {
    try (PolicyTrainer trainer = trainer(1)) {
      FineTuning tuning = tuning(trainer, oneBatch(), weighing, new Packing(30, 1));

      assertThat(tuning.loss(sequences)).isCloseTo(scored(weighing), within(1e-5));
      assertThat(tuning.stepsTaken()).isZero();
    }
  }

  @Test
  void theLossFallsAndTheResponsesAreLearned() throws Exception {
    Curriculum often =
        new Curriculum(
            List.of(new Arc(RATE, List.of(new Stage("all", Mixture.of(sequences), 7 * 60, 7)))));
    try (PolicyTrainer trainer = trainer(1)) {
      FineTuning tuning = tuning(trainer, often, Weighing.TOKENS, new Packing(1000, 1));
      while (!tuning.finished()) {
        tuning.step();
      }

      assertThat(scored(Weighing.TOKENS)).isGreaterThan(3);
      assertThat(tuning.loss(sequences)).isLessThan(0.1);
    }
  }

  @Test
  void aTrainingThatGoesOnFromACheckpointEndsAtTheSameBits() throws Exception {
    Checkpoints checkpoints = new Checkpoints(folder.resolve("checkpoints"));
    Curriculum curriculum = twoStages();
    Path whole = folder.resolve("whole.safetensors");
    Path resumed = folder.resolve("resumed.safetensors");
    int half = curriculum.steps() / 2;
    try (PolicyTrainer trainer = trainer(2)) {
      FineTuning tuning = tuning(trainer, curriculum, Weighing.TOKENS, new Packing(40, 2));
      while (!tuning.finished()) {
        if (tuning.step().step() == half) {
          checkpoints.write(trainer);
        }
      }
      trainer.decoder().save(whole, ElementType.F32);
    }
    Checkpoints.Checkpoint checkpoint = checkpoints.newest().orElseThrow();
    assertThat(checkpoint.steps()).isEqualTo(half);
    try (PolicyTrainer trainer = checkpoint.load(List.of(Device.cpu()), CONFIG, options(2))) {
      FineTuning tuning = tuning(trainer, curriculum, Weighing.TOKENS, new Packing(40, 2));
      while (!tuning.finished()) {
        tuning.step();
      }
      trainer.decoder().save(resumed, ElementType.F32);
    }

    assertThat(resumed).hasSameBinaryContentAs(whole);
  }

  @Test
  void anInterruptEndsTheTrainingBeforeAStep() {
    try (PolicyTrainer trainer = trainer(1)) {
      FineTuning tuning = tuning(trainer, oneBatch(), Weighing.TOKENS, new Packing(1000, 1));
      Thread.currentThread().interrupt();

      assertThatThrownBy(tuning::step)
          .isInstanceOf(InterruptedException.class)
          .hasMessage("interrupted after step 0");
      assertThat(tuning.stepsTaken()).isZero();
    }
  }

  @Test
  void aGradientThatIsNotFiniteEndsTheTrainingWithTheRemedy() throws Exception {
    try (SafetensorsFile file = SafetensorsFile.openWritable(weights)) {
      file.data("model.norm.weight").set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, Float.NaN);
    }
    try (PolicyTrainer trainer = trainer(1)) {
      FineTuning tuning = tuning(trainer, oneBatch(), Weighing.TOKENS, new Packing(1000, 1));

      assertThatThrownBy(tuning::step)
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("norm at step 1 is")
          .hasMessageContaining("lower the learning rate");
      assertThat(tuning.stepsTaken()).isZero();
    }
  }

  private PolicyTrainer trainer(int workers) {
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return PolicyTrainer.load(List.of(Device.cpu()), CONFIG, file, options(workers));
    }
  }

  private static TrainerOptions options(int workers) {
    return new TrainerOptions(ElementType.F32, false, TrainerOptions.HEAD_ELEMENTS, workers);
  }

  private static FineTuning tuning(
      PolicyTrainer trainer, Curriculum curriculum, Weighing weighing, Packing packing) {
    return new FineTuning(
        trainer, curriculum, new FineTuning.Settings(weighing, OPTIMIZER, packing, 7));
  }

  private Curriculum oneBatch() {
    return new Curriculum(
        List.of(new Arc(RATE, List.of(new Stage("all", Mixture.of(sequences), 7, 7)))));
  }

  private Curriculum twoStages() {
    Mixture mixture =
        new Mixture(
            List.of(
                new Mixture.Part(sequences.subList(0, 3), 1),
                new Mixture.Part(sequences.subList(3, 7), 2)));
    return new Curriculum(
        List.of(
            new Arc(
                RATE,
                List.of(
                    new Stage("whole", Mixture.of(sequences), 14, 4),
                    new Stage("mixed", mixture, 20, 5)))));
  }

  /** The loss by log-probabilities that were computed one sequence at a time. */
  private double scored(Weighing weighing) {
    double loss = 0;
    float[] coefficients = coefficients(weighing);
    int at = 0;
    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(CONFIG, weights), ElementType.F32)) {
      for (Sequence sequence : sequences) {
        float[] logProbabilities = scorer.logProbabilities(List.of(whole(sequence)), 1).getFirst();
        for (int i = sequence.prompt().length - 1; i < logProbabilities.length; i++) {
          loss += coefficients[at++] * logProbabilities[i];
        }
      }
    }
    return loss;
  }

  private static int[] whole(Sequence sequence) {
    return IntStream.concat(Arrays.stream(sequence.prompt()), Arrays.stream(sequence.response()))
        .toArray();
  }

  /** By the definition of the weighing. */
  private float[] coefficients(Weighing weighing) {
    int tokens = sequences.stream().mapToInt(sequence -> sequence.response().length).sum();
    List<Double> coefficients = new ArrayList<>();
    for (Sequence sequence : sequences) {
      int length = sequence.response().length;
      for (int i = 0; i < length; i++) {
        coefficients.add(
            weighing == Weighing.TOKENS ? -1.0 / tokens : -1.0 / sequences.size() / length);
      }
    }
    float[] floats = new float[coefficients.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = coefficients.get(i).floatValue();
    }
    return floats;
  }
}

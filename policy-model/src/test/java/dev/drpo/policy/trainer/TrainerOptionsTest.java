package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomSequences;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a trainer keeps, cuts or shares out, it computes the same. */
class TrainerOptionsTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;
  private static final double TEMPERATURE = 0.8;
  private static final long FULL_HEAD = Long.MAX_VALUE;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private Path weights;
  private List<MicroBatch> batches;
  private List<float[]> coefficients;
  private Gradients expected;

  @BeforeEach
  void computePlainly() throws IOException {
    weights = RandomWeights.of(CONFIG, 15).write(folder.resolve("model.safetensors"));
    RandomSequences random = new RandomSequences(CONFIG, 31);
    batches = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<Sequence> sequences = new ArrayList<>(random.group(3, 9, 12));
      sequences.addAll(random.alone(1, 9, 12));
      batches.add(MicroBatch.of(sequences));
    }
    coefficients = batches.stream().map(random::coefficients).toList();
    expected = gradients(new TrainerOptions(ElementType.F32, false, FULL_HEAD, 1));
  }

  @Test
  void gradientCheckpointingGivesTheSameGradientBitForBit() {
    assertThat(gradients(new TrainerOptions(ElementType.F32, true, FULL_HEAD, 1)).byName())
        .usingRecursiveComparison()
        .isEqualTo(expected.byName());
  }

  /** The head's forward pass is left out where only the gradient is wanted. */
  @Test
  void aSecondForwardPassComputesNoHead() {
    TrainerOptions options = new TrainerOptions(ElementType.F32, false, FULL_HEAD, 1);
    Decoder decoder = engine.decoder(CONFIG, weights);
    try (TrainingWorker worker = new TrainingWorker(decoder, decoder.weights(), options);
        TrainingWorker.Pass first = worker.forward(batches.getFirst(), TEMPERATURE);
        TrainingWorker.Pass again = worker.forwardAgain(batches.getFirst(), TEMPERATURE)) {
      assertThat(first.logProbabilities()).hasSize(batches.getFirst().responseTokens());
      assertThat(again.logProbabilities()).isEmpty();
    }
  }

  @Test
  void aLargeVocabularyTakesTheHeadInChunksThatAreWorthTheirPassOverIt() {
    assertThat(TrainerOptions.suitableHeadElements(true, 151_936)).isEqualTo(4096L * 151_936);
    assertThat(TrainerOptions.suitableHeadElements(false, 151_936)).isEqualTo(512L * 151_936);
    assertThat(TrainerOptions.suitableHeadElements(false, 46))
        .isEqualTo(TrainerOptions.HEAD_ELEMENTS);
  }

  @Test
  void aHeadInChunksGivesTheFullOnesGradient() {
    int vocabulary = CONFIG.vocabularySize();
    for (long elements : new long[] {1, 2L * vocabulary, 7L * vocabulary}) {
      gradients(new TrainerOptions(ElementType.F32, false, elements, 1))
          .assertClose(expected, 1e-5);
    }
  }

  @Test
  void severalWorkersGiveOnesGradientAndTheSameBitsEveryTime() {
    for (int workers : new int[] {2, 3, 7}) {
      TrainerOptions options = new TrainerOptions(ElementType.F32, false, FULL_HEAD, workers);
      Gradients first = gradients(options);
      first.assertClose(expected, 1e-5);
      assertThat(gradients(options).byName()).usingRecursiveComparison().isEqualTo(first.byName());
    }
  }

  @Test
  void gradientsOfMicroBatchesAddUpWhetherKeptOrNot() {
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      for (int i = 0; i < batches.size(); i++) {
        trainer.accumulate(batches.subList(i, i + 1), coefficients.subList(i, i + 1), TEMPERATURE);
      }
      Gradients.accumulated(trainer).assertClose(expected, 1e-5);
    }
  }

  /**
   * bfloat16 has 8 significant bits, so that one rounding is off by up to 0.4%; some dozens of them
   * meet in a gradient of two layers.
   */
  @Test
  void bfloat16ComesCloseToFp32() {
    TrainerOptions options = new TrainerOptions(ElementType.BF16, false, FULL_HEAD, 1);
    gradients(options).assertClose(expected, 0.08);
    try (PolicyTrainer exact = engine.trainer(CONFIG, weights);
        PolicyTrainer rounded = new PolicyTrainer(engine.decoder(CONFIG, weights), options)) {
      List<float[]> is = rounded.logProbabilities(batches, TEMPERATURE);
      List<float[]> should = exact.logProbabilities(batches, TEMPERATURE);
      for (int i = 0; i < is.size(); i++) {
        for (int t = 0; t < is.get(i).length; t++) {
          assertThat(Math.abs(is.get(i)[t] - should.get(i)[t])).isLessThan(0.15f);
        }
      }
    }
  }

  /** The masters move by less than bfloat16 resolves, step by step, until it shows. */
  @Test
  void bfloat16StepsAddUpInTheFp32Masters() {
    TrainerOptions options = new TrainerOptions(ElementType.BF16, false, FULL_HEAD, 1);
    PolicyTrainer.AdamW tiny = new PolicyTrainer.AdamW(1e-5, 0.9, 0.999, 1e-8, 0, 1);
    try (PolicyTrainer trainer = new PolicyTrainer(engine.decoder(CONFIG, weights), options)) {
      double before = objective(trainer);
      for (int step = 0; step < 300; step++) {
        trainer.zeroGradients();
        trainer.accumulate(batches, negated(), TEMPERATURE);
        trainer.optimize(tiny);
      }
      assertThat(objective(trainer)).isGreaterThan(before + 1);
    }
  }

  @Test
  void aDecoderThatIsNotFp32OrATypeWithoutRangeIsRefused() throws IOException {
    assertThatThrownBy(() -> new TrainerOptions(ElementType.F16, false, FULL_HEAD, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BF16");
    try (Decoder rounded = engine.decoder(CONFIG, weights, ElementType.BF16)) {
      assertThatThrownBy(() -> new PolicyTrainer(rounded))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("F32 weights, not BF16");
    }
  }

  private double objective(PolicyTrainer trainer) {
    List<float[]> found = trainer.logProbabilities(batches, TEMPERATURE);
    double sum = 0;
    for (int i = 0; i < found.size(); i++) {
      for (int t = 0; t < found.get(i).length; t++) {
        sum += (double) found.get(i)[t] * coefficients.get(i)[t];
      }
    }
    return sum;
  }

  private List<float[]> negated() {
    return coefficients.stream()
        .map(
            values -> {
              float[] negated = new float[values.length];
              for (int i = 0; i < values.length; i++) {
                negated[i] = -values[i];
              }
              return negated;
            })
        .toList();
  }

  private Gradients gradients(TrainerOptions options) {
    try (PolicyTrainer trainer = new PolicyTrainer(engine.decoder(CONFIG, weights), options)) {
      return Gradients.of(trainer, batches, coefficients, TEMPERATURE);
    }
  }
}

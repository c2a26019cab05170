package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerOptimizerTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;
  private static final PolicyTrainer.AdamW SETTINGS =
      new PolicyTrainer.AdamW(0.01, 0.9, 0.98, 1e-8, 0.1, 1);
  private static final MicroBatch BATCH =
      MicroBatch.of(
          List.of(
              new MicroBatch.Sequence(new int[] {1, 2, 3}, new int[] {4, 5, 36}),
              new MicroBatch.Sequence(new int[] {1, 2}, new int[] {7, 8, 9, 1})));

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = RandomWeights.of(CONFIG, 31).write(folder.resolve("model.safetensors"));
  }

  /** A limit of 0.05 clips every step of this batch, one of 1,000 none. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 1_000})
  void stepsAreThoseOfThePaper(double maxGradientNorm) {
    PolicyTrainer.AdamW settings =
        new PolicyTrainer.AdamW(0.01, 0.9, 0.98, 1e-8, 0.1, maxGradientNorm);
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      PlainAdamW plain = new PlainAdamW(settings, doubles(weightsOf(trainer)));
      for (int step = 1; step <= 3; step++) {
        accumulate(trainer, 1);
        double expectedNorm = plain.step(doubles(trainer.gradients()));
        double norm = trainer.optimize(settings);

        assertThat(norm).isCloseTo(expectedNorm, within(1e-5 * expectedNorm));
        assertThat(norm > maxGradientNorm).isEqualTo(maxGradientNorm < 1);
        assertThat(trainer.optimizerSteps()).isEqualTo(step);
        List<float[]> actual = weightsOf(trainer);
        for (int i = 0; i < actual.size(); i++) {
          for (int j = 0; j < actual.get(i).length; j++) {
            assertThat((double) actual.get(i)[j]).isCloseTo(plain.weights.get(i)[j], within(2e-6));
          }
        }
      }
    }
  }

  @Test
  void workIsToldWhileItIsDone() throws IOException {
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      AtomicInteger done = new AtomicInteger();
      trainer.reportTo(done::incrementAndGet);
      trainer.logProbabilities(List.of(BATCH, BATCH), 1);
      assertThat(done.getAndSet(0)).isEqualTo(2);
      try (ForwardPass pass = trainer.forward(List.of(BATCH, BATCH), 1)) {
        assertThat(done.getAndSet(0)).isEqualTo(2);
        float[] one = new float[BATCH.responseTokens()];
        pass.backward(List.of(one, one));
        assertThat(done.getAndSet(0)).isEqualTo(2);
        // What has no weight is done without a pass.
        trainer.accumulate(List.of(BATCH, BATCH), List.of(one, one), 1);
        assertThat(done.getAndSet(0)).isEqualTo(2);
        one[0] = 1;
        trainer.accumulate(List.of(BATCH, BATCH), List.of(one, one), 1);
        assertThat(done.getAndSet(0)).isEqualTo(4);
      }
      trainer.optimize(SETTINGS);
      assertThat(done.getAndSet(0)).isPositive();
      int tensors = trainer.decoder().layout().parts().size();
      trainer.decoder().save(folder.resolve("saved.safetensors"), ElementType.F32);
      assertThat(done.getAndSet(0)).isEqualTo(tensors);
      trainer.saveMoments(folder.resolve("saved-moments.safetensors"));
      assertThat(done.getAndSet(0)).isEqualTo(2 * tensors);
      try (SafetensorsFile moments =
          SafetensorsFile.open(folder.resolve("saved-moments.safetensors"))) {
        trainer.restoreMoments(moments, 1);
      }
      assertThat(done.getAndSet(0)).isEqualTo(2 * tensors);
    }
  }

  @Test
  void aStepDescendsAlongTheAccumulatedGradient() {
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      double before = sum(trainer.logProbabilities(List.of(BATCH), 1).getFirst());
      for (int i = 0; i < 10; i++) {
        accumulate(trainer, 1);
        trainer.optimize(SETTINGS);
      }

      assertThat(sum(trainer.logProbabilities(List.of(BATCH), 1).getFirst()))
          .isGreaterThan(before + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aGradientThatIsNotFiniteChangesNothing(float poison) throws IOException {
    Path moments = folder.resolve("moments");
    Path after = folder.resolve("moments-after");
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      step(trainer);
      List<float[]> weightsBefore = weightsOf(trainer);
      trainer.saveMoments(moments);

      accumulate(trainer, poison);
      assertThat(trainer.optimize(SETTINGS)).isNotFinite();

      trainer.saveMoments(after);
      assertThat(weightsOf(trainer))
          .usingElementComparator(TrainerOptimizerTest::bits)
          .containsExactlyElementsOf(weightsBefore);
      assertThat(after).hasSameBinaryContentAs(moments);
      assertThat(trainer.optimizerSteps()).isEqualTo(1);
    }
  }

  @Test
  void trainingGoesOnAfterAGradientThatIsNotFinite() {
    try (PolicyTrainer poisoned = engine.trainer(CONFIG, weights);
        PolicyTrainer clean = engine.trainer(CONFIG, weights)) {
      accumulate(poisoned, Float.NaN);
      poisoned.optimize(SETTINGS);
      step(poisoned);
      step(clean);

      assertThat(weightsOf(poisoned))
          .usingElementComparator(TrainerOptimizerTest::bits)
          .containsExactlyElementsOf(weightsOf(clean));
    }
  }

  @Test
  void aRestoredTrainerContinuesBitForBit() throws IOException {
    Path savedWeights = folder.resolve("saved.safetensors");
    Path savedMoments = folder.resolve("moments.safetensors");
    try (PolicyTrainer uninterrupted = engine.trainer(CONFIG, weights)) {
      step(uninterrupted);
      step(uninterrupted);
      uninterrupted.decoder().save(savedWeights, ElementType.F32);
      uninterrupted.saveMoments(savedMoments);
      step(uninterrupted);
      step(uninterrupted);

      try (PolicyTrainer resumed = engine.trainer(CONFIG, savedWeights)) {
        try (SafetensorsFile file = SafetensorsFile.open(savedMoments)) {
          resumed.restoreMoments(file, 2);
        }
        step(resumed);
        step(resumed);

        assertThat(weightsOf(resumed))
            .usingElementComparator(TrainerOptimizerTest::bits)
            .containsExactlyElementsOf(weightsOf(uninterrupted));
        assertThat(resumed.optimizerSteps()).isEqualTo(4);
        Path once = folder.resolve("once");
        Path twice = folder.resolve("twice");
        uninterrupted.saveMoments(once);
        resumed.saveMoments(twice);
        assertThat(twice).hasSameBinaryContentAs(once);
      }
    }
  }

  @Test
  void momentsOfAnotherArchitectureAreRefusedAndChangeNothing() throws IOException {
    Path foreign = folder.resolve("foreign");
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");
    ModelConfig wider = new ModelConfig(38, 32, 48, 2, 4, 2, 64, 10_000, 1e-6, false);
    Path widerWeights = RandomWeights.of(wider, 1).write(folder.resolve("wider"));
    try (PolicyTrainer other = engine.trainer(wider, widerWeights)) {
      other.saveMoments(foreign);
    }
    try (PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      step(trainer);
      trainer.saveMoments(before);
      try (SafetensorsFile file = SafetensorsFile.open(foreign);
          SafetensorsFile notMoments = SafetensorsFile.open(weights)) {
        assertThatThrownBy(() -> trainer.restoreMoments(file, 9))
            .isInstanceOf(PolicyFormatException.class)
            .hasMessageContainingAll(
                foreign.toString(), "exp_avg.model.embed_tokens.weight", "[38, 32]", "[37, 32]");
        assertThatThrownBy(() -> trainer.restoreMoments(notMoments, 9))
            .isInstanceOf(PolicyFormatException.class)
            .hasMessageContainingAll(weights.toString(), "exp_avg.model.embed_tokens.weight");
      }
      trainer.saveMoments(after);

      assertThat(Files.mismatch(before, after)).isEqualTo(-1);
      assertThat(trainer.optimizerSteps()).isEqualTo(1);
    }
  }

  /** AdamW as algorithm 2 of arXiv 1711.05101 has it, after clipping to a global norm. */
  private static final class PlainAdamW {
    private final PolicyTrainer.AdamW settings;
    private final List<double[]> weights;
    private final List<double[]> first = new ArrayList<>();
    private final List<double[]> second = new ArrayList<>();
    private int steps;

    PlainAdamW(PolicyTrainer.AdamW settings, List<double[]> weights) {
      this.settings = settings;
      this.weights = weights;
      weights.forEach(
          w -> {
            first.add(new double[w.length]);
            second.add(new double[w.length]);
          });
    }

    double step(List<double[]> gradients) {
      steps++;
      double squares = 0;
      for (double[] gradient : gradients) {
        for (double g : gradient) {
          squares += g * g;
        }
      }
      double norm = Math.sqrt(squares);
      double scale = Math.min(1, settings.maxGradientNorm() / norm);
      double beta1 = settings.beta1();
      double beta2 = settings.beta2();
      for (int i = 0; i < weights.size(); i++) {
        for (int j = 0; j < weights.get(i).length; j++) {
          double g = scale * gradients.get(i)[j];
          double m = beta1 * first.get(i)[j] + (1 - beta1) * g;
          double v = beta2 * second.get(i)[j] + (1 - beta2) * g * g;
          first.get(i)[j] = m;
          second.get(i)[j] = v;
          double unbiasedM = m / (1 - Math.pow(beta1, steps));
          double unbiasedV = v / (1 - Math.pow(beta2, steps));
          double w = weights.get(i)[j];
          weights.get(i)[j] =
              w
                  - settings.learningRate()
                      * (unbiasedM / (Math.sqrt(unbiasedV) + settings.epsilon())
                          + settings.weightDecay() * w);
        }
      }
      return norm;
    }
  }

  private static void step(PolicyTrainer trainer) {
    accumulate(trainer, 1);
    trainer.optimize(SETTINGS);
  }

  /** Replaces the gradient by that of the batch's negative mean log-likelihood, scaled. */
  private static void accumulate(PolicyTrainer trainer, float scale) {
    trainer.zeroGradients();
    float[] coefficients = new float[BATCH.responseTokens()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = -scale / coefficients.length;
    }
    trainer.accumulate(List.of(BATCH), List.of(coefficients), 1);
  }

  private static List<float[]> weightsOf(PolicyTrainer trainer) {
    return trainer.decoder().weights().stream().map(NDArray::toFloatArray).toList();
  }

  private static List<double[]> doubles(List<float[]> arrays) {
    List<double[]> doubles = new ArrayList<>();
    for (float[] array : arrays) {
      double[] values = new double[array.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = array[i];
      }
      doubles.add(values);
    }
    return doubles;
  }

  /** Zero where two arrays are the same bits. */
  private static int bits(float[] first, float[] second) {
    return Arrays.compare(first, second);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}

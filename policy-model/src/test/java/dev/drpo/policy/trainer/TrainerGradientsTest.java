package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.LogSoftmax;
import dev.drpo.policy.Oracle;
import dev.drpo.policy.PaddedBatch;
import dev.drpo.policy.RandomSequences;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trainer's gradients against the oracle's and against finite differences. */
class TrainerGradientsTest {
  private static final double TEMPERATURE = 0.6;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void gradientsEqualTheOraclesInEveryTensor(ModelConfig config) throws IOException {
    RandomSequences random = new RandomSequences(config, 21);
    assertGradientsEqualTheOracles(config, random.alone(4, 8, 9), random);
  }

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void gradientsThroughSharedPromptsEqualTheOraclesWithoutSharing(ModelConfig config)
      throws IOException {
    RandomSequences random = new RandomSequences(config, 22);
    List<Sequence> sequences = new ArrayList<>(random.group(4, 8, 9));
    sequences.addAll(random.alone(1, 8, 9));
    sequences.addAll(random.group(3, 8, 9));
    assertGradientsEqualTheOracles(config, sequences, random);
  }

  /** Attention goes in blocks of 64 queries: prompts and responses on either side of them. */
  @Test
  void sequencesLongerThanABlockEqualTheOracles() throws IOException {
    ModelConfig config = new ModelConfig(17, 12, 16, 1, 2, 1, 512, 10_000, 1e-6, true);
    RandomSequences random = new RandomSequences(config, 23);
    int[] prompt = random.tokens(70);
    assertGradientsEqualTheOracles(
        config,
        List.of(
            new Sequence(prompt, random.tokens(64)),
            new Sequence(prompt, random.tokens(65)),
            new Sequence(prompt, random.tokens(66)),
            new Sequence(random.tokens(64), random.tokens(1)),
            new Sequence(random.tokens(3), random.tokens(140))),
        random);
  }

  private void assertGradientsEqualTheOracles(
      ModelConfig config, List<Sequence> sequences, RandomSequences random) throws IOException {
    Path file = RandomWeights.of(config, 13).write(folder.resolve("model.safetensors"));
    MicroBatch batch = MicroBatch.of(sequences);
    float[] coefficients = random.coefficients(batch);
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      Gradients.of(trainer, List.of(batch), List.of(coefficients), TEMPERATURE)
          .assertClose(
              engine
                  .oracle(config, file)
                  .gradients(PaddedBatch.of(sequences), coefficients, TEMPERATURE),
              2e-5);
    }
  }

  @Test
  void gradientsEqualFiniteDifferences() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path file = RandomWeights.of(config, 14).write(folder.resolve("model.safetensors"));
    RandomSequences random = new RandomSequences(config, 24);
    List<Sequence> sequences = random.group(3, 8, 9);
    PaddedBatch padded = PaddedBatch.of(sequences);
    MicroBatch batch = MicroBatch.of(sequences);
    float[] coefficients = random.coefficients(batch);
    Oracle oracle = engine.oracle(config, file);
    double h = 1e-5;
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      Gradients.of(trainer, List.of(batch), List.of(coefficients), TEMPERATURE)
          .byName()
          .forEach(
              (name, gradient) -> {
                int element = steepest(gradient);
                double up =
                    oracle.nudged(name, element, h).objective(padded, coefficients, TEMPERATURE);
                double down =
                    oracle.nudged(name, element, -h).objective(padded, coefficients, TEMPERATURE);
                assertThat((double) gradient[element])
                    .as(name + " at " + element)
                    .isCloseTo((up - down) / (2 * h), within(1e-4 * Math.abs(gradient[element])));
              });
    }
  }

  @Test
  void zeroedGradientsForgetWhatCameBefore() throws IOException {
    ModelConfig config = Architectures.UNTIED_SMALLEST;
    Path file = RandomWeights.of(config, 16).write(folder.resolve("model.safetensors"));
    RandomSequences random = new RandomSequences(config, 25);
    MicroBatch batch = MicroBatch.of(random.alone(2, 8, 9));
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      trainer.accumulate(List.of(batch), List.of(random.coefficients(batch)), 1);
      assertThat(trainer.gradients()).anySatisfy(g -> assertThat(g[steepest(g)]).isNotZero());
      trainer.zeroGradients();

      assertThat(trainer.gradients()).allSatisfy(g -> assertThat(g[steepest(g)]).isZero());
    }
  }

  @Test
  void logProbabilitiesAreTheOraclesKeptOrNot() throws IOException {
    ModelConfig config = Architectures.TIED_FIVE_TO_ONE;
    Path file = RandomWeights.of(config, 17).write(folder.resolve("model.safetensors"));
    List<Sequence> sequences = new RandomSequences(config, 26).group(3, 8, 9);
    MicroBatch batch = MicroBatch.of(sequences);
    Oracle oracle = engine.oracle(config, file);
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      float[] expected = new float[batch.responseTokens()];
      float[] entropies = new float[expected.length];
      int next = 0;
      for (Sequence sequence : sequences) {
        int[] prompt = sequence.prompt();
        int[] response = sequence.response();
        LogSoftmax logSoftmax = LogSoftmax.of(oracle, prompt, response);
        for (int i = 0; i < response.length; i++) {
          double[] distribution = logSoftmax.at(prompt.length + i - 1, TEMPERATURE);
          entropies[next] =
              (float) -DoubleStream.of(distribution).map(log -> Math.exp(log) * log).sum();
          expected[next++] = (float) distribution[response[i]];
        }
      }
      assertThat(trainer.logProbabilities(List.of(batch), TEMPERATURE).getFirst())
          .containsExactly(expected, within(1e-5f));
      try (ForwardPass pass = trainer.forward(List.of(batch), TEMPERATURE)) {
        assertThat(pass.logProbabilities().getFirst()).containsExactly(expected, within(1e-5f));
        assertThat(pass.scores().getFirst().entropies()).containsExactly(entropies, within(1e-5f));
      }
      // The head in chunks of two rows, of which the last may have one.
      TrainerOptions chunked =
          new TrainerOptions(ElementType.F32, false, 2L * config.vocabularySize(), 1);
      try (PolicyTrainer twoRows = new PolicyTrainer(engine.decoder(config, file), chunked)) {
        TokenScores scores = twoRows.scores(List.of(batch), TEMPERATURE).getFirst();
        assertThat(scores.entropies()).containsExactly(entropies, within(1e-5f));
        assertThat(scores.logProbabilities())
            .containsExactly(twoRows.logProbabilities(List.of(batch), TEMPERATURE).getFirst());
      }
    }
  }

  @Test
  void aDistributionThatIsSharperThanAFloatCanTellHasNoEntropy() throws IOException {
    ModelConfig config = Architectures.UNTIED_SMALLEST;
    Path file = RandomWeights.of(config, 19).write(folder.resolve("model.safetensors"));
    MicroBatch batch = MicroBatch.of(new RandomSequences(config, 29).alone(2, 8, 9));
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      for (float entropy : trainer.scores(List.of(batch), 1e-5).getFirst().entropies()) {
        assertThat(Math.abs(entropy)).isLessThan(1e-3f);
      }
    }
  }

  @Test
  void coefficientsMustMatchTheResponseTokens() throws IOException {
    ModelConfig config = Architectures.UNTIED_SMALLEST;
    Path file = RandomWeights.of(config, 18).write(folder.resolve("model.safetensors"));
    List<MicroBatch> batches =
        List.of(MicroBatch.of(List.of(new Sequence(new int[] {1}, new int[] {2, 3}))));
    try (PolicyTrainer trainer = engine.trainer(config, file);
        ForwardPass pass = trainer.forward(batches, 1)) {
      assertThatThrownBy(() -> pass.backward(List.of(new float[3])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("3 coefficients for 2 response tokens");
      assertThatThrownBy(() -> trainer.accumulate(batches, List.of(new float[1]), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1 coefficients for 2 response tokens");
    }
  }

  private static int steepest(float[] gradient) {
    int steepest = 0;
    for (int i = 1; i < gradient.length; i++) {
      if (Math.abs(gradient[i]) > Math.abs(gradient[steepest])) {
        steepest = i;
      }
    }
    return steepest;
  }
}

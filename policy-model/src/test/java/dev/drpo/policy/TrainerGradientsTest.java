package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  private final Random random = new Random(21);

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void gradientsEqualTheOraclesInEveryTensor(ModelConfig config) throws IOException {
    Path file = RandomWeights.of(config, 13).write(folder.resolve("model.safetensors"));
    MicroBatch batch = MicroBatch.of(sequences(config, 4));
    float[] coefficients = coefficients(batch);

    Map<String, float[]> actual = gradients(config, file, batch, coefficients);
    Map<String, double[]> expected =
        engine.oracle(config, file).gradients(batch, coefficients, TEMPERATURE);

    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, gradient) ->
            assertThat(RelativeError.of(actual.get(name), gradient)).as(name).isLessThan(1e-5));
  }

  @Test
  void gradientsEqualFiniteDifferences() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path file = RandomWeights.of(config, 14).write(folder.resolve("model.safetensors"));
    MicroBatch batch = MicroBatch.of(sequences(config, 3));
    float[] coefficients = coefficients(batch);
    OracleDecoder oracle = engine.oracle(config, file);
    double h = 1e-5;

    gradients(config, file, batch, coefficients)
        .forEach(
            (name, gradient) -> {
              int element = steepest(gradient);
              double up =
                  oracle.nudged(name, element, h).objective(batch, coefficients, TEMPERATURE);
              double down =
                  oracle.nudged(name, element, -h).objective(batch, coefficients, TEMPERATURE);
              assertThat((double) gradient[element])
                  .as(name + " at " + element)
                  .isCloseTo((up - down) / (2 * h), within(1e-4 * Math.abs(gradient[element])));
            });
  }

  @Test
  void gradientsOfMicroBatchesAddUp() throws IOException {
    ModelConfig config = Architectures.TIED_FIVE_TO_ONE;
    Path file = RandomWeights.of(config, 15).write(folder.resolve("model.safetensors"));
    List<MicroBatch.Sequence> sequences = sequences(config, 5);
    MicroBatch whole = MicroBatch.of(sequences);
    float[] coefficients = coefficients(whole);
    Map<String, float[]> expected = gradients(config, file, whole, coefficients);

    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      int from = 0;
      for (List<MicroBatch.Sequence> part :
          List.of(sequences.subList(0, 1), sequences.subList(1, 3), sequences.subList(3, 5))) {
        MicroBatch batch = MicroBatch.of(part);
        int to = from + batch.responseTokens();
        try (PolicyTrainer.Forward forward = trainer.forward(batch, TEMPERATURE)) {
          forward.backward(Arrays.copyOfRange(coefficients, from, to));
        }
        from = to;
      }
      byName(config, trainer.gradients())
          .forEach(
              (name, gradient) ->
                  assertThat(RelativeError.of(gradient, doubles(expected.get(name))))
                      .as(name)
                      .isLessThan(1e-5));
    }
  }

  @Test
  void zeroedGradientsForgetWhatCameBefore() throws IOException {
    ModelConfig config = Architectures.UNTIED_SMALLEST;
    Path file = RandomWeights.of(config, 16).write(folder.resolve("model.safetensors"));
    MicroBatch batch = MicroBatch.of(sequences(config, 2));
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      try (PolicyTrainer.Forward forward = trainer.forward(batch, 1)) {
        forward.backward(coefficients(batch));
      }
      assertThat(trainer.gradients()).anySatisfy(g -> assertThat(g[steepest(g)]).isNotZero());
      trainer.zeroGradients();

      assertThat(trainer.gradients()).allSatisfy(g -> assertThat(g[steepest(g)]).isZero());
    }
  }

  @Test
  void logProbabilitiesAreThoseOfTheLogitsWithOrWithoutGraph() throws IOException {
    ModelConfig config = Architectures.TIED_FIVE_TO_ONE;
    Path file = RandomWeights.of(config, 17).write(folder.resolve("model.safetensors"));
    List<MicroBatch.Sequence> sequences = sequences(config, 3);
    MicroBatch batch = MicroBatch.of(sequences);
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      float[] expected = new float[batch.responseTokens()];
      int next = 0;
      for (MicroBatch.Sequence sequence : sequences) {
        int[] prompt = sequence.prompt();
        int[] response = sequence.response();
        LogSoftmax logSoftmax = LogSoftmax.of(trainer.decoder(), prompt, response);
        for (int i = 0; i < response.length; i++) {
          expected[next++] = (float) logSoftmax.at(prompt.length + i - 1, TEMPERATURE)[response[i]];
        }
      }
      assertThat(trainer.logProbabilities(batch, TEMPERATURE))
          .containsExactly(expected, within(1e-5f));
      try (PolicyTrainer.Forward forward = trainer.forward(batch, TEMPERATURE)) {
        assertThat(forward.logProbabilities()).containsExactly(expected, within(1e-5f));
      }
    }
  }

  @Test
  void coefficientsMustMatchTheResponseTokens() throws IOException {
    ModelConfig config = Architectures.UNTIED_SMALLEST;
    Path file = RandomWeights.of(config, 18).write(folder.resolve("model.safetensors"));
    MicroBatch batch =
        MicroBatch.of(List.of(new MicroBatch.Sequence(new int[] {1}, new int[] {2, 3})));
    try (PolicyTrainer trainer = engine.trainer(config, file);
        PolicyTrainer.Forward forward = trainer.forward(batch, 1)) {
      assertThatThrownBy(() -> forward.backward(new float[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("3 coefficients for 2 response tokens");
    }
  }

  private Map<String, float[]> gradients(
      ModelConfig config, Path file, MicroBatch batch, float[] coefficients) {
    try (PolicyTrainer trainer = engine.trainer(config, file)) {
      try (PolicyTrainer.Forward forward = trainer.forward(batch, TEMPERATURE)) {
        forward.backward(coefficients);
      }
      return byName(config, trainer.gradients());
    }
  }

  /** Takes the decoder's fused gradients apart. */
  private static Map<String, float[]> byName(ModelConfig config, List<float[]> fused) {
    Map<String, float[]> parts = new LinkedHashMap<>();
    List<PolicyLayout.Weight> weights = PolicyLayout.of(config).weights();
    for (int i = 0; i < weights.size(); i++) {
      int from = 0;
      for (PolicyLayout.Part part : weights.get(i).parts()) {
        int size = part.shape().stream().mapToInt(Math::toIntExact).reduce(1, Math::multiplyExact);
        parts.put(part.name(), Arrays.copyOfRange(fused.get(i), from, from + size));
        from += size;
      }
      assertThat(fused.get(i)).hasSize(from);
    }
    return parts;
  }

  private List<MicroBatch.Sequence> sequences(ModelConfig config, int count) {
    return random
        .ints(count, 2, 9)
        .mapToObj(
            length ->
                new MicroBatch.Sequence(
                    random.ints(length, 0, config.vocabularySize()).toArray(),
                    random.ints(11L - length, 0, config.vocabularySize()).toArray()))
        .toList();
  }

  private float[] coefficients(MicroBatch batch) {
    float[] coefficients = new float[batch.responseTokens()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = (float) random.nextGaussian();
    }
    return coefficients;
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

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}

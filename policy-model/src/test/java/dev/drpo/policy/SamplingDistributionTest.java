package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is drawn over a regular grid of random numbers. An inverted cumulative distribution puts a
 * share of grid points on each token that differs from its probability by less than one point.
 */
class SamplingDistributionTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;
  private static final int[] PROMPT = {5, 17, 29};
  private static final int GRID = 4096;

  /** One grid point, and room for rounding of the cumulative sums. */
  private static final double RESOLUTION = 1.01 / GRID;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private PolicySampler sampler;
  private LogSoftmax exact;

  @BeforeEach
  void loadPolicy() throws IOException {
    Path weights = RandomWeights.of(CONFIG, 51).write(folder.resolve("model.safetensors"));
    sampler = new PolicySampler(engine.decoder(CONFIG, weights), GRID, PROMPT.length);
    exact = LogSoftmax.of(sampler.decoder(), PROMPT, new int[0]);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.3f, 0.6f, 1, 2})
  void tokensFollowTheSoftmax(float temperature) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, temperature);

    assertThat(frequencies(temperature, 1)).containsExactly(probabilities, within(RESOLUTION));
  }

  @ParameterizedTest
  @ValueSource(floats = {0.2f, 0.5f, 0.8f, 0.95f})
  void aNucleusIsKeptExactlyAndRenormalised(float topP) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, 1);
    List<Integer> nucleus = nucleus(probabilities, topP);
    double mass = nucleus.stream().mapToDouble(token -> probabilities[token]).sum();
    double[] expected = new double[probabilities.length];
    nucleus.forEach(token -> expected[token] = probabilities[token] / mass);
    double[] frequencies = frequencies(1, topP);

    assertThat(frequencies).containsExactly(expected, within(RESOLUTION));
    assertThat(IntStream.range(0, frequencies.length).filter(i -> frequencies[i] > 0))
        .containsExactlyInAnyOrderElementsOf(nucleus);
  }

  @Test
  void theFirstTokenOfANucleusAlwaysStays() {
    double[] frequencies = frequencies(1, 1e-6f);

    assertThat(frequencies[exact.best(PROMPT.length - 1)]).isEqualTo(1);
  }

  @Test
  void logProbabilitiesAreThoseBeforeTruncation() {
    double[] expected = exact.at(PROMPT.length - 1, 0.8);
    PolicySampler.Tokens drawn = prefill(0.8f, 0.5f);

    for (int i = 0; i < GRID; i++) {
      assertThat((double) drawn.logProbabilities()[i])
          .isCloseTo(expected[(int) drawn.tokens()[i]], within(1e-5));
    }
  }

  @Test
  void rowsOfOneCallAreSampledEachByItsOwnSettings() {
    PolicySampler.Tokens plain = prefill(1, 1);
    PolicySampler.Tokens truncated = prefill(1, 0.5f);
    PolicySampler.Tokens greedy = prefill(0, 1);
    float[] temperature = new float[GRID];
    float[] topP = new float[GRID];
    for (int i = 0; i < GRID; i++) {
      temperature[i] = i % 3 == 2 ? 0 : 1;
      topP[i] = i % 3 == 1 ? 0.5f : 1;
    }
    PolicySampler.Tokens mixed =
        sampler.prefill(PROMPT, 0, new PolicySampler.Draws(temperature, topP, grid()));

    for (int i = 0; i < GRID; i++) {
      PolicySampler.Tokens same = List.of(plain, truncated, greedy).get(i % 3);
      assertThat(mixed.tokens()[i]).isEqualTo(same.tokens()[i]);
      assertThat(mixed.logProbabilities()[i]).isCloseTo(same.logProbabilities()[i], within(1e-6f));
    }
  }

  @Test
  void theEndsOfTheUnitIntervalDrawPossibleTokens() {
    PolicySampler.Draws ends =
        new PolicySampler.Draws(
            new float[] {0.05f, 0.05f, 0.05f, 0.05f},
            new float[] {1, 1, 0.9f, 0.9f},
            new double[] {0, 1 - 0x1p-32, 0, 1 - 0x1p-32});
    PolicySampler.Tokens drawn = sampler.prefill(PROMPT, 0, ends);

    for (float logProbability : drawn.logProbabilities()) {
      assertThat(logProbability).isGreaterThan(-110f);
    }
    assertThat(drawn.tokens()[2]).isEqualTo(exact.best(PROMPT.length - 1));
  }

  /** The smallest set of most likely tokens whose mass reaches top-p. */
  private static List<Integer> nucleus(double[] probabilities, double topP) {
    List<Integer> byProbability =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -probabilities[token]))
            .toList();
    double mass = 0;
    int kept = 0;
    while (mass < topP) {
      mass += probabilities[byProbability.get(kept)];
      kept++;
    }
    return byProbability.subList(0, kept);
  }

  private double[] frequencies(float temperature, float topP) {
    double[] frequencies = new double[CONFIG.vocabularySize()];
    for (long token : prefill(temperature, topP).tokens()) {
      frequencies[(int) token] += 1.0 / GRID;
    }
    return frequencies;
  }

  private PolicySampler.Tokens prefill(float temperature, float topP) {
    float[] temperatures = new float[GRID];
    float[] nuclei = new float[GRID];
    Arrays.fill(temperatures, temperature);
    Arrays.fill(nuclei, topP);
    return sampler.prefill(PROMPT, 0, new PolicySampler.Draws(temperatures, nuclei, grid()));
  }

  private static double[] grid() {
    return IntStream.range(0, GRID).mapToDouble(i -> (i + 0.5) / GRID).toArray();
  }
}

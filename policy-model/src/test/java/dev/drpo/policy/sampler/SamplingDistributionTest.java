package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.LogSoftmax;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
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
    sampler =
        new PolicySampler(
            engine.decoder(CONFIG, weights), new KvCacheSize(GRID, 1, 1, PROMPT.length));
    exact = LogSoftmax.of(engine.oracle(CONFIG, weights), PROMPT, new int[0]);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.3f, 0.6f, 1, 2})
  void tokensFollowTheSoftmax(float temperature) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, temperature);

    assertThat(frequencies(SamplingLaw.at(temperature)))
        .containsExactly(probabilities, within(RESOLUTION));
  }

  @ParameterizedTest
  @ValueSource(floats = {0.2f, 0.5f, 0.8f, 0.95f})
  void aNucleusIsKeptExactlyAndRenormalised(float topP) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, 1);
    List<Integer> nucleus = nucleus(probabilities, topP);
    double mass = nucleus.stream().mapToDouble(token -> probabilities[token]).sum();
    double[] expected = new double[probabilities.length];
    nucleus.forEach(token -> expected[token] = probabilities[token] / mass);
    double[] frequencies = frequencies(new SamplingLaw(1, topP, 0, 0));

    assertThat(frequencies).containsExactly(expected, within(RESOLUTION));
    assertThat(IntStream.range(0, frequencies.length).filter(i -> frequencies[i] > 0))
        .containsExactlyInAnyOrderElementsOf(nucleus);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void topKKeepsTheLikeliestTokens(int topK) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, 1);
    List<Integer> kept = byProbability(probabilities).stream().limit(topK).toList();

    requireDrawnFrom(kept, probabilities, new SamplingLaw(1, 1, topK, 0));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.9})
  void minPKeepsWhatIsLikelyBesideTheLikeliest(double minP) {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, 1);
    double likeliest = probabilities[exact.best(PROMPT.length - 1)];
    List<Integer> kept =
        byProbability(probabilities).stream()
            .filter(token -> probabilities[token] >= minP * likeliest)
            .toList();

    requireDrawnFrom(kept, probabilities, new SamplingLaw(1, 1, 0, minP));
  }

  @Test
  void theNucleusIsAShareOfWhatTopKLeaves() {
    double[] probabilities = exact.probabilities(PROMPT.length - 1, 1);
    List<Integer> five = byProbability(probabilities).subList(0, 5);
    double mass = five.stream().mapToDouble(token -> probabilities[token]).sum();
    double[] amongFive = new double[probabilities.length];
    five.forEach(token -> amongFive[token] = probabilities[token] / mass);

    requireDrawnFrom(nucleus(amongFive, 0.7), probabilities, new SamplingLaw(1, 0.7, 5, 0));
  }

  /** The draws, and their log-probabilities, are those of the kept tokens among themselves. */
  private void requireDrawnFrom(List<Integer> kept, double[] probabilities, SamplingLaw law) {
    double mass = kept.stream().mapToDouble(token -> probabilities[token]).sum();
    double[] expected = new double[probabilities.length];
    kept.forEach(token -> expected[token] = probabilities[token] / mass);

    assertThat(frequencies(law)).containsExactly(expected, within(RESOLUTION));
    PolicySampler.Tokens drawn = draw(law);
    for (int i = 0; i < GRID; i += 31) {
      int token = drawn.tokens()[i];
      assertThat(kept).contains(token);
      assertThat((double) drawn.samplingLogProbabilities()[i])
          .isCloseTo(Math.log(expected[token]), within(1e-5));
    }
  }

  @Test
  void theFirstTokenOfANucleusAlwaysStays() {
    double[] frequencies = frequencies(new SamplingLaw(1, 1e-6, 0, 0));

    assertThat(frequencies[exact.best(PROMPT.length - 1)]).isEqualTo(1);
  }

  @Test
  void logProbabilitiesAreThoseBeforeTruncation() {
    double[] expected = exact.at(PROMPT.length - 1, 0.8);
    PolicySampler.Tokens drawn = draw(new SamplingLaw(0.8, 0.5, 0, 0));

    for (int i = 0; i < GRID; i++) {
      assertThat((double) drawn.logProbabilities()[i])
          .isCloseTo(expected[drawn.tokens()[i]], within(1e-5));
    }
  }

  @Test
  void rowsOfOneCallAreSampledEachByItsOwnSettings() {
    List<SamplingLaw> laws =
        List.of(
            SamplingLaw.at(1),
            new SamplingLaw(1, 0.5, 0, 0),
            SamplingLaw.at(0),
            new SamplingLaw(0.7, 0.9, 7, 0.05));
    List<PolicySampler.Tokens> apart = laws.stream().map(this::draw).toList();
    PolicySampler.Tokens mixed =
        draw(IntStream.range(0, GRID).mapToObj(i -> laws.get(i % 4).draw(grid(i))).toList());

    for (int i = 0; i < GRID; i++) {
      PolicySampler.Tokens same = apart.get(i % 4);
      assertThat(mixed.tokens()[i]).isEqualTo(same.tokens()[i]);
      assertThat(mixed.logProbabilities()[i]).isCloseTo(same.logProbabilities()[i], within(1e-6f));
      assertThat(mixed.samplingLogProbabilities()[i])
          .isCloseTo(same.samplingLogProbabilities()[i], within(1e-6f));
    }
  }

  @Test
  void theEndsOfTheUnitIntervalDrawPossibleTokens() {
    SamplingLaw cold = SamplingLaw.at(0.05);
    SamplingLaw nucleus = new SamplingLaw(0.05, 0.9, 0, 0);
    double last = 1 - 0x1p-32;
    PolicySampler.Tokens drawn =
        draw(List.of(cold.draw(0), cold.draw(last), nucleus.draw(0), nucleus.draw(last)));

    for (float logProbability : drawn.logProbabilities()) {
      assertThat(logProbability).isGreaterThan(-110f);
    }
    assertThat(drawn.tokens()[2]).isEqualTo(exact.best(PROMPT.length - 1));
  }

  private static List<Integer> byProbability(double[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble(token -> -probabilities[token]))
        .toList();
  }

  /** The smallest set of most likely tokens whose mass reaches top-p. */
  private static List<Integer> nucleus(double[] probabilities, double topP) {
    List<Integer> byProbability = byProbability(probabilities);
    double mass = 0;
    int kept = 0;
    while (mass < topP) {
      mass += probabilities[byProbability.get(kept)];
      kept++;
    }
    return byProbability.subList(0, kept);
  }

  private double[] frequencies(SamplingLaw law) {
    double[] frequencies = new double[CONFIG.vocabularySize()];
    for (int token : draw(law).tokens()) {
      frequencies[token] += 1.0 / GRID;
    }
    return frequencies;
  }

  private PolicySampler.Tokens draw(SamplingLaw law) {
    return draw(IntStream.range(0, GRID).mapToObj(i -> law.draw(grid(i))).toList());
  }

  private PolicySampler.Tokens draw(List<SamplingLaw.Draw> draws) {
    PrefilledPrompt prompt = sampler.prefill(List.of(PROMPT)).getFirst();
    PolicySampler.Tokens drawn = sampler.begin(List.of(new PolicySampler.Beginning(prompt, draws)));
    sampler.close(prompt);
    while (sampler.live() > 0) {
      sampler.end(sampler.live() - 1);
    }
    return drawn;
  }

  private static double grid(int i) {
    return (i + 0.5) / GRID;
  }
}

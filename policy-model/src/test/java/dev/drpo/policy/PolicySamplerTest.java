package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cached generation against the full forward pass. */
class PolicySamplerTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;
  private static final int LENGTH = 32;
  private static final float TOLERANCE = 1e-5f;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = RandomWeights.of(CONFIG, 41).write(folder.resolve("model.safetensors"));
  }

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void logProbabilitiesAreThoseOfTheFullForwardPass(ModelConfig config) throws IOException {
    Path file = RandomWeights.of(config, 42).write(folder.resolve("other.safetensors"));
    List<Generation.Request> requests = requests(config, 6);
    try (PolicySampler sampler = sampler(config, file, 6)) {
      List<Generation.Result> results = Generation.run(sampler, requests);
      for (int i = 0; i < results.size(); i++) {
        Generation.Request request = requests.get(i);
        Generation.Result result = results.get(i);
        LogSoftmax full = LogSoftmax.of(sampler.decoder(), request.prompt(), result.tokens());
        double temperature = request.temperature() == 0 ? 1 : request.temperature();
        for (int t = 0; t < result.tokens().length; t++) {
          double expected =
              full.at(request.prompt().length + t - 1, temperature)[result.tokens()[t]];
          assertThat((double) result.logProbabilities()[t])
              .isCloseTo(expected, within((double) TOLERANCE));
        }
      }
    }
  }

  @Test
  void sequencesDoNotDependOnTheirCompany() {
    List<Generation.Request> requests = requests(CONFIG, 7);
    List<Generation.Result> alone = new ArrayList<>();
    try (PolicySampler sampler = sampler(CONFIG, weights, 1)) {
      requests.forEach(r -> alone.addAll(Generation.run(sampler, List.of(r))));
    }
    try (PolicySampler sampler = sampler(CONFIG, weights, 9)) {
      requireSame(Generation.run(sampler, requests), alone);
      requireSame(Generation.run(sampler, requests.reversed()), alone.reversed());
      requireSame(Generation.run(sampler, requests.subList(2, 5)), alone.subList(2, 5));
    }
  }

  @Test
  void aPromptRunOnceForAGroupServesEveryRow() {
    int[] prompt = {3, 1, 4, 1, 5};
    PolicySampler.Draws draws =
        new PolicySampler.Draws(
            new float[] {1, 1, 1}, new float[] {1, 1, 1}, new double[] {0.1, 0.5, 0.9});
    try (PolicySampler sampler = sampler(CONFIG, weights, 4)) {
      PolicySampler.Tokens first = sampler.prefill(prompt, 1, draws);
      sampler.move(3, 0, prompt.length);
      PolicySampler.Tokens next =
          sampler.decode(
              new long[] {first.tokens()[2], first.tokens()[0], first.tokens()[1]},
              new long[] {5, 5, 5},
              draws);
      for (int row = 0; row < 3; row++) {
        int fed = (int) first.tokens()[(row + 2) % 3];
        LogSoftmax full = LogSoftmax.of(sampler.decoder(), prompt, new int[] {fed});
        assertThat((double) next.logProbabilities()[row])
            .isCloseTo(full.at(5, 1)[(int) next.tokens()[row]], within((double) TOLERANCE));
      }
    }
  }

  @Test
  void temperatureZeroTakesTheMostLikelyToken() {
    try (PolicySampler sampler = sampler(CONFIG, weights, 1)) {
      int[] prompt = {7, 30, 2};
      Generation.Request request =
          new Generation.Request(prompt, 12, 0, 1, new CounterRandom(1, 1));
      Generation.Result result = Generation.run(sampler, List.of(request)).getFirst();
      LogSoftmax full = LogSoftmax.of(sampler.decoder(), prompt, result.tokens());

      for (int t = 0; t < result.tokens().length; t++) {
        assertThat(result.tokens()[t]).isEqualTo(full.best(prompt.length + t - 1));
      }
    }
  }

  @Test
  void replacedWeightsAreTheOnesSampledFrom() throws IOException {
    Path other = RandomWeights.of(CONFIG, 43).write(folder.resolve("other.safetensors"));
    List<Generation.Request> requests = requests(CONFIG, 3);
    List<Generation.Result> expected;
    try (PolicySampler sampler = sampler(CONFIG, other, 3)) {
      expected = Generation.run(sampler, requests);
    }
    try (PolicySampler sampler = sampler(CONFIG, weights, 3);
        SafetensorsFile file = SafetensorsFile.open(other)) {
      List<Generation.Result> before = Generation.run(sampler, requests);
      sampler.decoder().replaceWeights(file);

      requireSame(Generation.run(sampler, requests), expected);
      assertThat(before.getLast().tokens()).isNotEqualTo(expected.getLast().tokens());
    }
  }

  @Test
  void whatDoesNotFitTheCacheIsRefused() {
    assertThatThrownBy(() -> new PolicySampler(engine.decoder(CONFIG, weights), 1, 65))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("65", "64");
    try (PolicySampler sampler = sampler(CONFIG, weights, 2)) {
      PolicySampler.Draws one = draws(1);
      assertThatThrownBy(() -> sampler.prefill(new int[] {1}, 2, one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("3 rows exceed the cache's 2");
      assertThatThrownBy(() -> sampler.prefill(new int[LENGTH + 1], 0, one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("33 tokens", "32 positions");
      assertThatThrownBy(() -> sampler.prefill(new int[0], 0, one))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> sampler.decode(new long[] {1}, new long[] {LENGTH}, one))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("position 32");
      assertThatThrownBy(() -> sampler.decode(new long[3], new long[3], draws(3)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void cacheBytesCountKeysAndValuesOfEveryLayer() {
    assertThat(PolicySampler.cacheBytes(CONFIG, ElementType.F32, 3, 10))
        .isEqualTo(2 * 2 * 3 * 2 * 10 * 8 * 4L);
  }

  private PolicySampler sampler(ModelConfig config, Path file, int rows) {
    return new PolicySampler(engine.decoder(config, file), rows, LENGTH);
  }

  private static PolicySampler.Draws draws(int rows) {
    return new PolicySampler.Draws(new float[rows], new float[rows], new double[rows]);
  }

  /** Prompts, lengths, temperatures and nuclei of all kinds. */
  private static List<Generation.Request> requests(ModelConfig config, int count) {
    float[] temperatures = {1, 0.6f, 0, 1.7f};
    float[] nuclei = {1, 0.9f, 1};
    Random random = new Random(44);
    List<Generation.Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(1 + random.nextInt(9), 0, config.vocabularySize()).toArray();
      requests.add(
          new Generation.Request(
              prompt,
              1 + random.nextInt(20),
              temperatures[i % temperatures.length],
              nuclei[i % nuclei.length],
              new CounterRandom(5, i)));
    }
    return requests;
  }

  private static void requireSame(
      List<Generation.Result> actual, List<Generation.Result> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).tokens()).containsExactly(expected.get(i).tokens());
      assertThat(actual.get(i).logProbabilities())
          .containsExactly(expected.get(i).logProbabilities(), within(TOLERANCE));
    }
  }
}

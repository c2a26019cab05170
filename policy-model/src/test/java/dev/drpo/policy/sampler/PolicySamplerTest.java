package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.LogSoftmax;
import dev.drpo.policy.Oracle;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation from a KV cache against the oracle's full forward pass. */
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
    Oracle oracle = engine.oracle(config, file);
    try (PolicySampler sampler = sampler(config, file, 6)) {
      List<Generation.Result> results = Generation.run(sampler, requests);
      for (int i = 0; i < results.size(); i++) {
        Generation.Request request = requests.get(i);
        Generation.Result result = results.get(i);
        LogSoftmax full = LogSoftmax.of(oracle, request.prompt(), result.tokens());
        double temperature = request.law().greedy() ? 1 : request.law().temperature();
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

  static Stream<Arguments> pages() {
    // Of the script's steps, and of those by vectors, whose blocks have up to 32 positions.
    return Stream.of(
        Arguments.of(Architectures.UNTIED_FOUR_TO_TWO, 3, 50),
        Arguments.of(Architectures.UNTIED_THREE_TO_ONE_FILLING_VECTORS, 32, 110));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void responsesInScatteredPagesAreTheSame(ModelConfig config, int pageTokens, int longest)
      throws IOException {
    Path file = RandomWeights.of(config, 42).write(folder.resolve("other.safetensors"));
    int rows = 5;
    List<Generation.Request> requests = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      requests.add(
          new Generation.Request(
              new int[] {1 + i, 2, 3},
              longest - 9 * (i % 3),
              SamplingLaw.at(1),
              new CounterRandom(6, i)));
    }
    KvCacheSize own = new KvCacheSize(rows, longest, rows, 3);
    KvCacheSize shared =
        new KvCacheSize(
            rows, longest, rows, 3, rows * Math.ceilDiv(longest, pageTokens), pageTokens);
    List<Generation.Result> expected;
    try (PolicySampler sampler = new PolicySampler(engine.decoder(config, file), own)) {
      expected = Generation.run(sampler, requests);
    }
    try (PolicySampler sampler = new PolicySampler(engine.decoder(config, file), shared)) {
      requireSame(Generation.run(sampler, requests), expected);
      // Again, in pages that others had.
      requireSame(Generation.run(sampler, requests.reversed()), expected.reversed());
    }
  }

  @Test
  void aPromptRunOnceServesEveryResponseOfItsGroup() {
    int[] prompt = {3, 1, 4, 1, 5};
    int[] other = {9, 2, 6};
    SamplingLaw law = SamplingLaw.at(1);
    List<SamplingLaw.Draw> three = List.of(law.draw(0.1), law.draw(0.5), law.draw(0.9));
    try (PolicySampler sampler = sampler(CONFIG, weights, 4)) {
      List<PrefilledPrompt> prompts = sampler.prefill(List.of(other, prompt));
      int[] first =
          sampler
              .begin(
                  List.of(
                      new PolicySampler.Beginning(prompts.get(0), List.of(law.draw(0.3))),
                      new PolicySampler.Beginning(prompts.get(1), three)))
              .tokens();
      prompts.forEach(sampler::close);
      // The last response takes the place of the first, whose prompt ends with it.
      sampler.end(0);
      PolicySampler.Tokens next = sampler.advance(three);

      assertThat(sampler.live()).isEqualTo(3);
      for (int row = 0; row < 3; row++) {
        int fed = first[row == 0 ? 3 : row];
        LogSoftmax full = LogSoftmax.of(engine.oracle(CONFIG, weights), prompt, new int[] {fed});
        assertThat((double) next.logProbabilities()[row])
            .isCloseTo(full.at(5, 1)[next.tokens()[row]], within((double) TOLERANCE));
      }
    }
  }

  @Test
  void temperatureZeroTakesTheMostLikelyToken() {
    try (PolicySampler sampler = sampler(CONFIG, weights, 1)) {
      int[] prompt = {7, 30, 2};
      Generation.Request request =
          new Generation.Request(prompt, 12, SamplingLaw.at(0), new CounterRandom(1, 1));
      Generation.Result result = Generation.run(sampler, List.of(request)).getFirst();
      LogSoftmax full = LogSoftmax.of(engine.oracle(CONFIG, weights), prompt, result.tokens());

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
    SamplingLaw.Draw draw = SamplingLaw.at(1).draw(0.5);
    assertThatThrownBy(
            () -> new PolicySampler(engine.decoder(CONFIG, weights), KvCacheSize.of(1, 65, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("65", "64");
    try (PolicySampler sampler =
        new PolicySampler(engine.decoder(CONFIG, weights), KvCacheSize.of(2, 4, 2))) {
      assertThatThrownBy(() -> sampler.prefill(List.of(new int[5])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("5 tokens", "1 to 4");
      assertThatThrownBy(() -> sampler.prefill(List.of(new int[0])))
          .isInstanceOf(IllegalArgumentException.class);
      PrefilledPrompt prompt = sampler.prefill(List.of(new int[1])).getFirst();
      assertThatThrownBy(() -> sampler.prefill(List.of(new int[1], new int[1])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("2 prompts beside 1", "2");
      assertThatThrownBy(() -> sampler.begin(beginning(prompt, draw, draw, draw)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("3 responses", "2 rows");
      assertThatThrownBy(() -> sampler.begin(beginning(prompt)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> sampler.advance(List.of(draw)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 draws for 0");
      sampler.begin(beginning(prompt, draw));
      sampler.close(prompt);
      assertThatThrownBy(() -> sampler.begin(beginning(prompt, draw)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("closed");
      sampler.advance(List.of(draw));
      sampler.advance(List.of(draw));
      assertThatThrownBy(() -> sampler.advance(List.of(draw)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("3 tokens");
    }
  }

  private static List<PolicySampler.Beginning> beginning(
      PrefilledPrompt prompt, SamplingLaw.Draw... draws) {
    return List.of(new PolicySampler.Beginning(prompt, List.of(draws)));
  }

  @Test
  void cacheBytesCountKeysAndValuesOfEveryLayer() {
    // 2 for keys and values, 2 layers, 2 heads of size 8, 3 rows of 64 and 4 prompts of 32
    // positions: in whole blocks of 32.
    assertThat(new KvCacheSize(3, 33, 4, 32).bytes(CONFIG, ElementType.F32))
        .isEqualTo(2 * 2 * 2 * 8 * (3 * 64 + 4 * 32) * 4L);
    assertThat(new KvCacheSize(3, 64, 4, 1).bytes(CONFIG, ElementType.BF16))
        .isEqualTo(2 * 2 * 2 * 8 * (3 * 64 + 4 * 32) * 2L);
  }

  @Test
  void sharedPositionsAreWholePagesOfAtLeastOneResponse() {
    KvCacheSize own = KvCacheSize.of(3, 32, 300);
    assertThat(own.sharing(500).responsePositions()).isEqualTo(512);
    assertThat(own.sharing(500).bytes(CONFIG, ElementType.F32))
        .isEqualTo(2 * 2 * 2 * 8 * (512 + 3 * 32) * 4L);
    assertThat(own.sharing(300).pages()).isEqualTo(3);
    assertThat(own.sharing(900)).isEqualTo(own);
    assertThatThrownBy(() -> own.sharing(299))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("299", "300");
  }

  @Test
  void advancingIsOfLiveSequencesOnceEach() {
    SamplingLaw.Draw draw = SamplingLaw.at(1).draw(0.5);
    try (PolicySampler sampler = sampler(CONFIG, weights, 3)) {
      PrefilledPrompt prompt = sampler.prefill(List.of(new int[1])).getFirst();
      sampler.begin(beginning(prompt, draw, draw));
      for (int[] wrong : new int[][] {{}, {2}, {-1}, {1, 0}, {0, 0}}) {
        assertThatThrownBy(
                () -> sampler.advance(wrong, Collections.nCopies(wrong.length, draw)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("2 live ones");
      }
      sampler.close(prompt);
    }
  }

  private PolicySampler sampler(ModelConfig config, Path file, int rows) {
    return new PolicySampler(
        engine.decoder(config, file), KvCacheSize.of(rows, LENGTH / 2, LENGTH / 2));
  }

  /** Prompts, lengths, temperatures and truncations of all kinds. */
  private static List<Generation.Request> requests(ModelConfig config, int count) {
    List<SamplingLaw> laws =
        List.of(
            SamplingLaw.at(1),
            new SamplingLaw(0.6, 0.9, 0, 0),
            SamplingLaw.at(0),
            new SamplingLaw(1.7, 1, 5, 0),
            new SamplingLaw(1, 1, 0, 0.2));
    Random random = new Random(44);
    List<Generation.Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(1 + random.nextInt(9), 0, config.vocabularySize()).toArray();
      requests.add(
          new Generation.Request(
              prompt,
              1 + random.nextInt(LENGTH / 2),
              laws.get(i % laws.size()),
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

package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** On the CPU in fp32, what is sampled for a prompt does not depend on anything beside it. */
class BatchInvarianceTest {
  private static final TinyPolicy.Preset POLICY = TinyPolicy.Preset.VECTORS;
  private static final int PROMPT = 40;
  private static final int RESPONSE = 40;
  private static final int GROUPS = 5;
  private static final int MOST_SAMPLES = 4;

  private static Path weights;
  private static List<GroupRequest> requests;

  /** By group and sample, from an engine that decodes one response at a time. */
  private static List<List<List<Integer>>> alone;

  @BeforeContainer
  static void sampleAlone() throws IOException {
    weights = TinyPolicy.weights(Files.createTempFile("policy", ".safetensors"), 3, POLICY);
    Random random = new Random(5);
    requests =
        IntStream.range(0, GROUPS)
            .mapToObj(i -> request(random, i, 1 + random.nextInt(MOST_SAMPLES)))
            .toList();
    // A slot for each response of a group, of which there is one at a time.
    alone = new ArrayList<>();
    try (GenerationEngine engine = start(limits(MOST_SAMPLES), 1)) {
      for (GroupRequest request : requests) {
        List<List<Integer>> samples = new ArrayList<>();
        for (int i = 0; i < request.sampling().groupSize(); i++) {
          samples.add(
              bits(engine.submit(withSamples(request, i + 1), ResponseListener.NONE).join())
                  .get(i));
        }
        alone.add(samples);
      }
    }
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(weights);
  }

  @Property(tries = 12)
  void bitsDoNotDependOnTheBatch(
      @ForAll @IntRange(min = MOST_SAMPLES, max = 13) int slots,
      @ForAll @IntRange(min = 1, max = 3) int engines,
      @ForAll boolean sharedPages,
      @ForAll Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, GROUPS).boxed().toList());
    Collections.shuffle(order, random);
    EngineLimits limits = limits(slots * engines);
    try (GenerationEngine engine =
        start(sharedPages ? limits.withKvCacheTokens(engines * 2 * 128) : limits, engines)) {
      GroupSampling[] sampled = new GroupSampling[GROUPS];
      List<GroupSampling> others = new ArrayList<>();
      for (int group : order) {
        while (random.nextBoolean()) {
          others.add(
              engine.submit(request(random, GROUPS + others.size(), 2), ResponseListener.NONE));
        }
        sampled[group] = engine.submit(requests.get(group), ResponseListener.NONE);
        if (!others.isEmpty() && random.nextBoolean()) {
          others.get(random.nextInt(others.size())).cancel(false);
        }
        if (random.nextInt(3) == 0) {
          // So that the next ones come while others are on their way, or to an idle engine.
          sampled[group].join();
        }
      }
      for (int group = 0; group < GROUPS; group++) {
        assertThat(bits(sampled[group].join())).isEqualTo(alone.get(group));
      }
    }
  }

  private static GroupRequest request(Random random, int stream, int samples) {
    int[] prompt = random.ints(1 + random.nextInt(PROMPT), 1, 16).toArray();
    double temperature = List.of(0.6, 1.0, 1.7).get(random.nextInt(3));
    double topP = random.nextBoolean() ? 1 : 0.8;
    int budget = 1 + random.nextInt(RESPONSE);
    return new GroupRequest(prompt, new Sampling(temperature, topP, samples, budget, 7), stream, 0);
  }

  private static GroupRequest withSamples(GroupRequest request, int samples) {
    Sampling sampling = request.sampling();
    return new GroupRequest(
        request.prompt(),
        new Sampling(
            sampling.law(),
            samples,
            sampling.maxResponseTokens(),
            sampling.seed(),
            sampling.stopTokens()),
        request.stream(),
        request.requiredStep());
  }

  /** Tokens and log-probabilities of each response, to the bit. */
  private static List<List<Integer>> bits(SampledGroup group) {
    return group.responses().stream()
        .map(
            response -> {
              List<Integer> bits = new ArrayList<>();
              Arrays.stream(response.tokens()).forEach(bits::add);
              for (int i = 0; i < response.tokens().length; i++) {
                bits.add(Float.floatToRawIntBits(response.logProbabilities()[i]));
                bits.add(Float.floatToRawIntBits(response.samplingLogProbabilities()[i]));
              }
              return bits;
            })
        .toList();
  }

  private static EngineLimits limits(int slots) {
    return new EngineLimits(
        slots, PROMPT, RESPONSE, TinyPolicy.CONTEXT, POLICY.config().vocabularySize());
  }

  private static GenerationEngine start(EngineLimits limits, int engines) {
    return GenerationEngine.start(
        new EngineSettings(
            POLICY.config(),
            weights,
            TinyPolicy.version(0, weights),
            Set.of(TinyPolicy.END),
            limits,
            new EngineSettings.Compute(Device.cpu(), ElementType.F32, engines, 1),
            new FinishThenSwap()));
  }
}

package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.LogSoftmax;
import dev.drpo.policy.Oracle;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Sequences that come and go share a cache, and none may ever see another's. */
class SamplerOrderTest {
  /** Of one kind of decode steps and of the other, and again. */
  private static final List<ModelConfig> CONFIGS =
      List.of(
          Architectures.UNTIED_FOUR_TO_TWO,
          Architectures.UNTIED_THREE_TO_ONE_FILLING_VECTORS,
          Architectures.UNTIED_FOUR_TO_TWO);

  private static final int ROWS = 6;
  // Longer than a vector's lanes, so that both lie in several blocks.
  private static final int PROMPT = 20;
  private static final int RESPONSE = 19;

  /** Pages that the last one's rows share, half of what they could fill. */
  private static final int PAGES = 15;

  private static final int PAGE_TOKENS = 4;
  private static final List<KvCacheSize> SIZES =
      List.of(
          KvCacheSize.of(ROWS, PROMPT, RESPONSE),
          KvCacheSize.of(ROWS, PROMPT, RESPONSE),
          new KvCacheSize(ROWS, RESPONSE, ROWS, PROMPT, PAGES, PAGE_TOKENS));
  private static final SamplingLaw LAW = SamplingLaw.at(1);

  /** Above what rounding does to any sequence, and far below what another's keys would do. */
  private static final double TOLERANCE = 1e-4;

  private static NDManager manager;
  private static final List<PolicySampler> SAMPLERS = new ArrayList<>();
  private static final List<Oracle> ORACLES = new ArrayList<>();
  private static PolicySampler sampler;
  private static Oracle oracle;

  private record Live(PrefilledPrompt prompt, List<Integer> tokens) {
    boolean full() {
      return tokens.size() - prompt.length() == RESPONSE;
    }

    /** Tokens of the response that are in the KV cache. */
    int cached() {
      return tokens.size() - prompt.length() - 1;
    }
  }

  @BeforeContainer
  static void load() throws IOException {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    for (int i = 0; i < CONFIGS.size(); i++) {
      ModelConfig config = CONFIGS.get(i);
      Path file = Files.createTempFile("policy", ".safetensors");
      RandomWeights.of(config, 45).write(file);
      ORACLES.add(Oracle.read(manager, config, file));
      try (SafetensorsFile open = SafetensorsFile.open(file)) {
        SAMPLERS.add(
            new PolicySampler(Decoder.load(manager, config, open), SIZES.get(i)));
      } finally {
        Files.delete(file);
      }
    }
  }

  @AfterContainer
  static void close() {
    SAMPLERS.forEach(PolicySampler::close);
    manager.close();
  }

  @Property(tries = 120)
  void anyOrderOfStartsAndEndsLeavesEachSequenceItsOwn(
      @ForAll @IntRange(max = 2) int which, @ForAll Random random) {
    sampler = SAMPLERS.get(which);
    oracle = ORACLES.get(which);
    List<Live> live = new ArrayList<>();
    List<Live> open = new ArrayList<>();
    for (int step = 0; step < 30; step++) {
      if (sampler.livePrompts() + 2 <= ROWS && random.nextBoolean()) {
        open(open, random);
      }
      if (!open.isEmpty() && live.size() < ROWS && random.nextBoolean()) {
        begin(open.get(random.nextInt(open.size())), live, random);
      }
      if (!open.isEmpty() && random.nextInt(3) == 0) {
        sampler.close(open.remove(random.nextInt(open.size())).prompt());
      }
      endIf(live, i -> live.get(i).full() || random.nextInt(9) == 0);
      int[] advancing = some(live, random);
      if (advancing.length > 0) {
        advance(live, advancing, random);
      }
    }
    endIf(live, i -> true);
    open.forEach(prompt -> sampler.close(prompt.prompt()));
    assertThat(sampler.live()).isZero();
    assertThat(sampler.livePrompts()).isZero();
  }

  private static void open(List<Live> open, Random random) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      prompts.add(
          random
              .ints(1 + random.nextInt(PROMPT), 0, sampler.decoder().config().vocabularySize())
              .toArray());
    }
    List<PrefilledPrompt> opened = sampler.prefill(prompts);
    for (int i = 0; i < opened.size(); i++) {
      open.add(new Live(opened.get(i), Arrays.stream(prompts.get(i)).boxed().toList()));
    }
  }

  private static void begin(Live prompt, List<Live> live, Random random) {
    List<SamplingLaw.Draw> draws = draws(1 + random.nextInt(ROWS - live.size()), random);
    PolicySampler.Tokens first =
        sampler.begin(List.of(new PolicySampler.Beginning(prompt.prompt(), draws)));
    requireForwardPasses(Collections.nCopies(draws.size(), prompt), first);
    for (int i = 0; i < draws.size(); i++) {
      List<Integer> tokens = new ArrayList<>(prompt.tokens());
      tokens.add(first.tokens()[i]);
      live.add(new Live(prompt.prompt(), tokens));
    }
  }

  private static void endIf(List<Live> live, IntPredicate ends) {
    for (int i = live.size() - 1; i >= 0; i--) {
      if (ends.test(i)) {
        sampler.end(i);
        Live last = live.removeLast();
        if (i < live.size()) {
          live.set(i, last);
        }
      }
    }
  }

  /** All live ones, or some; of those that share pages, no more than get one. */
  private static int[] some(List<Live> live, Random random) {
    int free =
        PAGES - live.stream().mapToInt(one -> Math.ceilDiv(one.cached(), PAGE_TOKENS)).sum();
    boolean all = random.nextBoolean();
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < live.size(); i++) {
      boolean takes = sampler == SAMPLERS.getLast() && live.get(i).cached() % PAGE_TOKENS == 0;
      if ((!takes || free > 0) && (all || random.nextInt(3) > 0)) {
        some.add(i);
        free -= takes ? 1 : 0;
      }
    }
    return some.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void advance(List<Live> live, int[] advancing, Random random) {
    PolicySampler.Tokens next = sampler.advance(advancing, draws(advancing.length, random));
    List<Live> moved = Arrays.stream(advancing).mapToObj(live::get).toList();
    requireForwardPasses(moved, next);
    for (int i = 0; i < moved.size(); i++) {
      moved.get(i).tokens().add(next.tokens()[i]);
    }
  }

  private static void requireForwardPasses(List<Live> live, PolicySampler.Tokens next) {
    List<int[]> sequences =
        live.stream()
            .map(one -> one.tokens().stream().mapToInt(Integer::intValue).toArray())
            .toList();
    List<LogSoftmax> exact = LogSoftmax.of(oracle, sequences);
    for (int i = 0; i < live.size(); i++) {
      assertThat((double) next.logProbabilities()[i])
          .isCloseTo(
              exact.get(i).at(sequences.get(i).length - 1, 1)[next.tokens()[i]], within(TOLERANCE));
    }
  }

  private static List<SamplingLaw.Draw> draws(int count, Random random) {
    return Stream.generate(() -> LAW.draw(random.nextInt(1 << 20) * 0x1p-20)).limit(count).toList();
  }
}

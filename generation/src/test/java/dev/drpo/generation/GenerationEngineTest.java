package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.reference.ReferenceDecoder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.sampler.CounterRandom;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.sampler.PrefilledPrompt;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationEngineTest {
  private static final Set<Integer> NO_END = Set.of();

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = TinyPolicy.weights(folder.resolve("model.safetensors"), 1);
  }

  @Test
  void aResponseDoesNotDependOnItsNeighbours() {
    List<GroupRequest> requests =
        List.of(
            request(new int[] {1, 2, 3}, 1.0, 1.0, 4, 40, 11),
            request(new int[] {4}, 0.7, 0.8, 3, 25, 12),
            request(new int[] {5, 6, 7, 8, 9}, 0.0, 1.0, 1, 30, 13),
            request(new int[] {2, 2}, 1.3, 1.0, 8, 60, 14),
            request(new int[] {9, 1}, 1.0, 0.5, 5, 33, 15));
    try (GenerationEngine engine = Engines.start(weights)) {
      List<GroupSampling> groups =
          requests.stream().map(r -> engine.submit(r, ResponseListener.NONE)).toList();
      for (int g = 0; g < requests.size(); g++) {
        List<SampledResponse> together = groups.get(g).join().responses();
        for (int sample = 0; sample < together.size(); sample++) {
          SampledResponse alone = sampleAlone(requests.get(g), sample);
          assertThat(together.get(sample).tokens()).isEqualTo(alone.tokens());
          assertThat(together.get(sample).logProbabilities())
              .usingComparatorWithPrecision(1e-5f)
              .containsExactly(alone.logProbabilities());
          assertThat(together.get(sample).finishReason()).isEqualTo(alone.finishReason());
        }
      }
    }
  }

  @Test
  void logProbabilitiesAreThoseOfTheWholeForwardPass() {
    GroupRequest request = request(new int[] {1, 2, 3}, 0.7, 0.9, 6, 50, 3);
    try (GenerationEngine engine = Engines.start(weights);
        NDManager manager = TensorEngine.newManager();
        SafetensorsFile file = SafetensorsFile.open(weights)) {
      TensorEngine.prepareThread();
      ReferenceDecoder reference =
          ReferenceDecoder.read(manager, TinyPolicy.CONFIG, file, DataType.FLOAT64);
      for (SampledResponse response : sample(engine, request)) {
        float[] expected = forward(manager, reference, request, response.tokens());
        for (int t = 0; t < expected.length; t++) {
          assertThat(response.logProbabilities()[t]).isCloseTo(expected[t], within(1e-5f));
        }
      }
    }
  }

  @Test
  void aResponseEndsAtTheEndTokenOrAtItsBudget() {
    GroupRequest request = request(new int[] {3, 1}, 1.0, 1.0, 8, 12, 5);
    try (GenerationEngine engine = Engines.start(weights)) {
      List<SampledResponse> responses = sample(engine, request);
      assertThat(responses).extracting(SampledResponse::finishReason).contains(FinishReason.STOP);
      for (SampledResponse response : responses) {
        int[] tokens = response.tokens();
        switch (response.finishReason()) {
          case STOP -> assertThat(tokens).endsWith(TinyPolicy.END);
          case LENGTH -> assertThat(tokens).hasSize(12).doesNotContain(TinyPolicy.END);
        }
        assertThat(response.versions())
            .containsExactly(new VersionSpan(TinyPolicy.version(0, weights), tokens.length));
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameGroupAndAnotherSeedAnother() {
    try (GenerationEngine engine = Engines.start(weights)) {
      int[] prompt = {1, 5};
      List<int[]> first = tokens(sample(engine, request(prompt, 1, 1, 4, 40, 1)));
      assertThat(tokens(sample(engine, request(prompt, 1, 1, 4, 40, 1))))
          .usingRecursiveComparison()
          .isEqualTo(first);
      assertThat(tokens(sample(engine, request(prompt, 1, 1, 4, 40, 2))))
          .usingRecursiveComparison()
          .isNotEqualTo(first);
    }
  }

  @Test
  void finishThenSwapLetsRunningGroupsFinishOnTheirWeights() throws IOException {
    Swap swap = swapUnderARunningGroup(new FinishThenSwap());
    assertThat(swap.running().versions()).containsExactly(new VersionSpan(swap.old(), 40));
    assertThat(swap.next().versions()).containsExactly(new VersionSpan(swap.newer(), 40));
  }

  @Test
  void swapInFlightMarksEveryTokenWithItsVersion() throws IOException {
    Swap swap = swapUnderARunningGroup(new SwapInFlight());
    // Two tokens before the update was loaded.
    assertThat(swap.running().versions())
        .containsExactly(new VersionSpan(swap.old(), 2), new VersionSpan(swap.newer(), 38));
    assertThat(swap.next().versions()).containsExactly(new VersionSpan(swap.newer(), 40));
  }

  private record Swap(
      PolicyVersion old, PolicyVersion newer, SampledResponse running, SampledResponse next) {}

  /** The listener runs between two steps, which fixes what is live when the update is loaded. */
  private Swap swapUnderARunningGroup(WeightUpdatePolicy updates) throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    PolicyVersion newer = TinyPolicy.version(1, newWeights);
    GroupRequest longGroup = request(new int[] {1, 2}, 1, 1, 1, 40, 7);
    CompletableFuture<SampledGroup> next = new CompletableFuture<>();
    CompletableFuture<Void> firstToken = new CompletableFuture<>();
    try (GenerationEngine engine = Engines.start(weights, NO_END, updates)) {
      ResponseListener offersAtTheSecondToken =
          new ResponseListener() {
            private int tokens;

            @Override
            public void drew(int sample, int token, float logProbability) {
              tokens++;
              if (tokens == 2) {
                WeightUpdate update = engine.offer(newer, newWeights);
                forward(update.firstToken(), firstToken);
                update.loaded().join();
                forward(engine.submit(longGroup, ResponseListener.NONE), next);
              }
            }

            @Override
            public void finished(int sample, SampledResponse response) {}
          };
      SampledGroup running = engine.submit(longGroup, offersAtTheSecondToken).join();
      firstToken.join();
      return new Swap(
          TinyPolicy.version(0, weights),
          newer,
          running.responses().getFirst(),
          next.join().responses().getFirst());
    }
  }

  @Test
  void swappedWeightsSampleWhatTheySampleFromTheStart() throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    GroupRequest request = request(new int[] {1, 2, 3}, 1, 1, 4, 40, 9);
    try (GenerationEngine swapped = Engines.start(weights);
        GenerationEngine fresh = Engines.start(newWeights)) {
      assertThat(swapped.offer(TinyPolicy.version(1, newWeights), newWeights).outcome().join())
          .isEqualTo(WeightUpdateOutcome.APPLIED);
      assertThat(tokens(sample(swapped, request)))
          .usingRecursiveComparison()
          .isEqualTo(tokens(sample(fresh, request)));
    }
  }

  @Test
  void aGroupWaitsForTheWeightsItRequiresAndLetsOthersPass() throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    PolicyVersion newer = TinyPolicy.version(1, newWeights);
    GroupRequest any = request(new int[] {1}, 1, 1, 2, 10, 1);
    GroupRequest strict = new GroupRequest(any.prompt(), any.sampling(), any.stream(), 1);
    try (GenerationEngine engine = Engines.start(weights)) {
      CompletableFuture<SampledGroup> waiting = engine.submit(strict, ResponseListener.NONE);
      sample(engine, any);
      assertThat(waiting).isNotDone();
      assertThat(engine.status().waitingGroups()).isEqualTo(1);
      engine.offer(newer, newWeights).outcome().join();
      assertThat(waiting.join().responses())
          .allSatisfy(r -> assertThat(r.versions().getFirst().version()).isEqualTo(newer));
    }
  }

  @Test
  void weightsOfAnotherShapeAreRefusedAndTheOldOnesStay() throws IOException {
    Path broken = folder.resolve("broken.safetensors");
    PolicyInitializer.write(
        broken, new ModelConfig(16, 16, 48, 2, 4, 2, 512, 10_000, 1e-6, true), 0.3, 1);
    try (GenerationEngine engine = Engines.start(weights)) {
      CompletableFuture<WeightUpdateOutcome> offered =
          engine.offer(TinyPolicy.version(1, broken), broken).outcome();
      assertThatThrownBy(offered::join).hasMessageContaining("has shape");
      assertThat(engine.status().version()).isEqualTo(TinyPolicy.version(0, weights));
      assertThat(sample(engine, request(new int[] {1}, 1, 1, 2, 5, 1))).hasSize(2);
    }
  }

  @Test
  void whatCanNeverBeSampledIsRefused() {
    try (GenerationEngine engine = Engines.start(weights)) {
      assertRefused(engine, request(new int[] {}, 1, 1, 1, 5, 1), "the prompt is empty");
      assertRefused(
          engine, request(new int[] {1, 16}, 1, 1, 1, 5, 1), "token 1 of the prompt is 16");
      assertRefused(engine, request(new int[] {-1}, 1, 1, 1, 5, 1), "token 0 of the prompt is -1");
      assertRefused(engine, request(new int[301], 1, 1, 1, 5, 1), "301 tokens, but 300");
      assertRefused(engine, request(new int[] {1}, 1, 1, 1, 501, 1), "501 tokens exceeds the 500");
      assertRefused(
          engine, request(new int[13], 1, 1, 1, 500, 1), "exceed the policy's context of 512");
      assertRefused(
          engine, request(new int[] {1}, 1, 1, 9, 5, 1), "9 responses exceeds the 8 slots");
      assertThat(engine.status().waitingGroups()).isZero();
    }
    assertThatThrownBy(() -> new Sampling(-1, 1, 1, 1, 0)).hasMessageContaining("temperature");
    assertThatThrownBy(() -> new Sampling(1, 0, 1, 1, 0)).hasMessageContaining("top-p");
    assertThatThrownBy(() -> Sampling.law(1, 1, -1, 0)).hasMessageContaining("top-k");
    assertThatThrownBy(() -> Sampling.law(1, 1, 0, 1)).hasMessageContaining("min-p");
  }

  @Test
  void aCancelledGroupGivesItsSlotsBack() {
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap())) {
      List<CompletableFuture<SampledGroup>> cancelled = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        cancelled.add(
            engine.submit(request(new int[] {1}, 1, 1, 8, 500, 1), ResponseListener.NONE));
      }
      cancelled.forEach(group -> group.cancel(false));
      assertThat(sample(engine, request(new int[] {1}, 1, 1, 8, 5, 1))).hasSize(8);
      assertThat(engine.status().groups()).isEqualTo(1);
      Await.until("no row is live", () -> engine.status().liveRows() == 0);
      assertThatThrownBy(cancelled.getFirst()::join).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void aListenerThatThrowsFailsOnlyItsOwnGroup() {
    try (GenerationEngine engine = Engines.start(weights)) {
      GroupRequest request = request(new int[] {1}, 1, 1, 4, 30, 1);
      CompletableFuture<SampledGroup> broken =
          engine.submit(
              request,
              (sample, response) -> {
                throw new IllegalStateException("the caller is gone");
              });
      assertThat(sample(engine, request)).hasSize(4);
      assertThatThrownBy(broken::join).hasMessageContaining("the caller is gone");
    }
  }

  @Test
  void closingFailsWhatIsNotComplete() {
    GenerationEngine engine = Engines.start(weights);
    GroupRequest request = request(new int[] {1}, 1, 1, 1, 5, 1);
    GroupRequest never = new GroupRequest(request.prompt(), request.sampling(), 1, 99);
    CompletableFuture<SampledGroup> waiting = engine.submit(never, ResponseListener.NONE);
    engine.close();
    assertThatThrownBy(waiting::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(EngineStoppedException.class);
    assertThatThrownBy(engine.submit(request, ResponseListener.NONE)::join)
        .hasCauseInstanceOf(EngineStoppedException.class);
  }

  private static void assertRefused(GenerationEngine engine, GroupRequest request, String why) {
    assertThatThrownBy(() -> engine.submit(request, ResponseListener.NONE))
        .isInstanceOf(RefusedRequestException.class)
        .hasMessageContaining(why);
  }

  private static GroupRequest request(
      int[] prompt, double temperature, double topP, int group, int budget, long seed) {
    return new GroupRequest(prompt, new Sampling(temperature, topP, group, budget, seed), 77, 0);
  }

  private static List<SampledResponse> sample(GenerationEngine engine, GroupRequest request) {
    return engine.submit(request, ResponseListener.NONE).join().responses();
  }

  private static List<int[]> tokens(List<SampledResponse> responses) {
    return responses.stream().map(SampledResponse::tokens).toList();
  }

  private static <T> void forward(CompletableFuture<T> from, CompletableFuture<T> to) {
    var _ =
        from.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                to.complete(value);
              } else {
                to.completeExceptionally(failure);
              }
            });
  }

  /** The slow way: one sequence in a sampler of one row. */
  private SampledResponse sampleAlone(GroupRequest request, int sample) {
    TensorEngine.prepareThread();
    try (NDManager manager = TensorEngine.newManager();
        SafetensorsFile file = SafetensorsFile.open(weights);
        PolicySampler sampler =
            new PolicySampler(
                Decoder.load(manager, TinyPolicy.CONFIG, file),
                KvCacheSize.of(1, Engines.PROMPT_TOKENS, Engines.RESPONSE_TOKENS))) {
      Sampling sampling = request.sampling();
      CounterRandom random = new CounterRandom(sampling.seed(), request.stream());
      Row row = new Row(
              new RunningGroup(request, ResponseListener.NONE),
              sample,
              new PageLedger(1, Engines.RESPONSE_TOKENS).begin(1).orElseThrow());
      PrefilledPrompt prompt = sampler.prefill(List.of(request.prompt())).getFirst();
      PolicySampler.Tokens drawn =
          sampler.begin(
              List.of(
                  new PolicySampler.Beginning(
                      prompt, List.of(sampling.law().draw(random.uniform(sample, 0))))));
      append(row, drawn);
      for (int t = 1; !row.ended(Set.of(TinyPolicy.END)); t++) {
        append(row, sampler.advance(List.of(sampling.law().draw(random.uniform(sample, t)))));
      }
      return row.response(Set.of(TinyPolicy.END));
    }
  }

  private void append(Row row, PolicySampler.Tokens drawn) {
    row.append(
        drawn.tokens()[0],
        drawn.logProbabilities()[0],
        drawn.samplingLogProbabilities()[0],
        TinyPolicy.version(0, weights));
  }

  private static float[] forward(
      NDManager manager, ReferenceDecoder reference, GroupRequest request, int[] tokens) {
    int promptTokens = request.prompt().length;
    long[] ids = new long[promptTokens + tokens.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i < promptTokens ? request.prompt()[i] : tokens[i - promptTokens];
    }
    double[] logits = reference.logits(manager, ids, 1, ids.length);
    int vocabulary = TinyPolicy.CONFIG.vocabularySize();
    float[] logProbabilities = new float[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      int from = (promptTokens + t - 1) * vocabulary;
      double sum = 0;
      for (int v = 0; v < vocabulary; v++) {
        sum += Math.exp(logits[from + v] / request.sampling().law().temperature());
      }
      logProbabilities[t] =
          (float)
              (logits[from + tokens[t]] / request.sampling().law().temperature() - Math.log(sum));
    }
    return logProbabilities;
  }
}

package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Responses that share the positions of a KV cache far smaller than all of them at their longest.
 */
class SharedCacheTest {
  private static final Set<Integer> NO_END = Set.of();
  private static final int SLOTS = 16;

  /** The longest response has 500 tokens, so that a whole KV cache has 8000 positions. */
  private static final int POSITIONS = 640;

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = TinyPolicy.weights(folder.resolve("model.safetensors"), 1);
  }

  @Test
  void aSmallCacheGivesTheTokensOfAWholeOne() {
    Random random = new Random(1);
    List<GroupRequest> requests =
        IntStream.range(0, 9)
            .mapToObj(
                i ->
                    request(
                        random.ints(1 + random.nextInt(20), 1, 16).toArray(),
                        1 + random.nextInt(8),
                        i % 4 == 0 ? 300 : 1 + random.nextInt(150),
                        i))
            .toList();
    List<List<SampledResponse>> whole = sampleAll(requests, 0, 1);
    SampledGroups.requireSame(sampleAll(requests, POSITIONS, 1), whole);
    SampledGroups.requireSame(sampleAll(requests, 2 * POSITIONS, 2), whole);
  }

  @Test
  void rowsThatWaitAreCountedAndCancelledOnesGiveTheirPagesBack() {
    try (GenerationEngine engine = start(POSITIONS, 1)) {
      CountDownLatch waits = new CountDownLatch(1);
      GroupSampling group =
          engine.submit(
              request(new int[] {1}, 8, 500, 1), atEveryToken(() -> countWaiting(engine, waits)));
      GroupSampling behind =
          engine.submit(request(new int[] {2}, 8, 500, 2), ResponseListener.NONE);
      await(waits);
      group.cancel(false);
      assertThat(behind.join().responses()).hasSize(8);
      Await.until("no row is live", () -> engine.status().liveRows() == 0);
      assertThat(engine.status().positions()).isZero();
      assertThat(engine.status().waitingRows()).isZero();
    }
  }

  @Test
  void aStoppedResponseEndsThoughItWaits() {
    try (GenerationEngine engine = start(POSITIONS, 1)) {
      CountDownLatch submitted = new CountDownLatch(1);
      GroupSampling[] group = new GroupSampling[1];
      group[0] =
          engine.submit(
              request(new int[] {1}, 2, 500, 1),
              atEveryToken(
                  () -> {
                    await(submitted);
                    if (engine.status().waitingRows() > 0) {
                      group[0].stop(1);
                    }
                  }));
      submitted.countDown();
      List<SampledResponse> responses = group[0].join().responses();
      assertThat(responses.get(0).tokens()).hasSize(500);
      // Its first page was full when it drew the last one.
      assertThat(responses.get(1).tokens()).hasSize(KvCacheSize.PAGE + 1);
      assertThat(responses.get(1).finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void aGroupWaitsForAPlaceForItsPrompt() {
    List<GroupRequest> requests =
        IntStream.range(0, 30)
            .mapToObj(i -> request(new int[] {1 + i % 15, 2}, 1 + i % 3, 20 + i, i))
            .toList();
    EngineLimits limits = Engines.limits(SLOTS);
    List<List<SampledResponse>> everySlot = sampleAll(requests, limits, new FinishThenSwap());
    for (int places = 1; places <= 3; places++) {
      SampledGroups.requireSame(
          sampleAll(requests, limits.withPrompts(places), new FinishThenSwap()), everySlot);
    }
  }

  @Test
  void whatRemainsOfAGroupWaitsForAPlaceOnNewWeights() throws IOException {
    Path newer = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    EngineLimits limits = Engines.limits(3).withPrompts(2);
    try (GenerationEngine engine = Engines.start(weights, NO_END, new SwapInFlight(), limits, 1)) {
      CountDownLatch submitted = new CountDownLatch(1);
      GroupSampling[] first = new GroupSampling[1];
      AtomicInteger drawn = new AtomicInteger();
      // A slot gets free for what remains of the second group, whose prompt has just become stale,
      // while its old one and the first group's are in use.
      Runnable swapsAndFreesASlot =
          () -> {
            await(submitted);
            if (drawn.incrementAndGet() == 20) {
              engine.offer(TinyPolicy.version(1, newer), newer).loaded().join();
              first[0].stop(0);
            }
          };
      first[0] = engine.submit(request(new int[] {1}, 2, 90, 1), atEveryToken(swapsAndFreesASlot));
      GroupSampling second = engine.submit(request(new int[] {2}, 3, 60, 2), ResponseListener.NONE);
      submitted.countDown();
      assertThat(first[0].join().responses().get(1).tokens()).hasSize(90);
      assertThat(second.join().responses())
          .allSatisfy(response -> assertThat(response.tokens()).hasSize(60));
      assertThat(second.join().responses().get(2).versions())
          .extracting(VersionSpan::version)
          .containsExactly(TinyPolicy.version(1, newer));
    }
  }

  @Test
  void aCacheWithoutRoomForOneResponseIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> start(998, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("rollout.kv-cache-tokens is 998", "499", "1000", "500");
  }

  private static void countWaiting(GenerationEngine engine, CountDownLatch waits) {
    if (engine.status().waitingRows() > 0) {
      waits.countDown();
    }
  }

  private static ResponseListener atEveryToken(Runnable action) {
    return new ResponseListener() {
      @Override
      public void drew(int sample, int token, float logProbability) {
        action.run();
      }

      @Override
      public void finished(int sample, SampledResponse response) {}
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private GenerationEngine start(int positions, int engines) {
    return Engines.start(
        weights,
        NO_END,
        new FinishThenSwap(),
        Engines.limits(SLOTS).withKvCacheTokens(positions),
        engines);
  }

  private List<List<SampledResponse>> sampleAll(
      List<GroupRequest> requests, int positions, int engines) {
    try (GenerationEngine engine = start(positions, engines)) {
      List<List<SampledResponse>> responses = sampleAll(requests, engine);
      long most = engine.status().mostPositions();
      if (positions > 0) {
        assertThat(most).isBetween(positions / 2L, (long) positions);
      } else {
        assertThat(most).isGreaterThan(2L * POSITIONS);
      }
      return responses;
    }
  }

  private List<List<SampledResponse>> sampleAll(
      List<GroupRequest> requests, EngineLimits limits, WeightUpdatePolicy updates) {
    try (GenerationEngine engine = Engines.start(weights, NO_END, updates, limits, 1)) {
      return sampleAll(requests, engine);
    }
  }

  private static List<List<SampledResponse>> sampleAll(
      List<GroupRequest> requests, GenerationEngine engine) {
    return requests.stream().map(r -> engine.submit(r, ResponseListener.NONE)).toList().stream()
        .map(group -> group.join().responses())
        .toList();
  }

  private static GroupRequest request(int[] prompt, int group, int budget, long seed) {
    return new GroupRequest(prompt, new Sampling(1, 1, group, budget, seed), 77, 0);
  }
}

package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots that groups and decoding threads share out. */
class SharedSlotsTest {
  private static final Set<Integer> NO_END = Set.of();

  @TempDir private Path folder;
  private Path weights;

  @BeforeEach
  void writeWeights() throws IOException {
    weights = TinyPolicy.weights(folder.resolve("model.safetensors"), 1);
  }

  @Test
  void aSampleIsTheSameWhateverTheSlotsAndThreads() {
    Random random = new Random(1);
    List<GroupRequest> requests =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    request(
                        random.ints(1 + random.nextInt(6), 1, 16).toArray(),
                        1 + random.nextInt(8),
                        1 + random.nextInt(60),
                        i))
            .toList();
    List<List<SampledResponse>> expected = sampleAll(requests, 64, 1);

    // Groups of up to 8 in slots of which a thread has 4, 3 and 1.
    SampledGroups.requireSame(sampleAll(requests, 8, 2), expected);
    SampledGroups.requireSame(sampleAll(requests, 9, 3), expected);
    SampledGroups.requireSame(sampleAll(requests, 8, 8), expected);
  }

  @Test
  void aFreedSlotIsTakenInTheNextStep() {
    List<GroupRequest> requests = new ArrayList<>();
    Random random = new Random(2);
    // Lengths with a heavy tail: a quarter of the longest in the mean.
    for (int i = 0; i < 60; i++) {
      int budget = (int) Math.min(400, 30 / Math.pow(1 - random.nextDouble(), 0.8));
      requests.add(request(new int[] {1, 2}, 4, budget, i));
    }
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap(), 8, 1)) {
      List<GroupSampling> groups =
          requests.stream().map(r -> engine.submit(r, ResponseListener.NONE)).toList();
      groups.forEach(GroupSampling::join);
      assertThat(engine.status().slotUse()).isGreaterThan(0.92);
      Await.until("no row is live", () -> engine.status().liveRows() == 0);
    }
  }

  @Test
  void everyThreadTakesItsShareOfTheGroups() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch both = new CountDownLatch(2);
    ResponseListener waitsForBoth =
        new ResponseListener() {
          @Override
          public void started() {
            if (threads.add(Thread.currentThread().getName())) {
              both.countDown();
            }
            try {
              both.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public void finished(int sample, SampledResponse response) {}
        };
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap(), 64, 2)) {
      // Either thread has slots for both, and would block if it took both.
      GroupSampling first = engine.submit(request(new int[] {1}, 4, 5, 1), waitsForBoth);
      GroupSampling second = engine.submit(request(new int[] {2}, 4, 5, 2), waitsForBoth);
      first.join();
      second.join();
    }
    assertThat(threads).hasSize(2);
  }

  @Test
  void aStoppedResponseEndsAndItsNeighboursGoOn() {
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap())) {
      CountDownLatch submitted = new CountDownLatch(1);
      GroupSampling[] group = new GroupSampling[1];
      ResponseListener stopsTheSecond =
          new ResponseListener() {
            private int drawn;

            @Override
            public void drew(int sample, int token, float logProbability) {
              if (sample == 1 && ++drawn == 3) {
                awaitUninterruptibly(submitted);
                group[0].stop(1);
              }
            }

            @Override
            public void finished(int sample, SampledResponse response) {}
          };
      group[0] = engine.submit(request(new int[] {1}, 3, 20, 1), stopsTheSecond);
      submitted.countDown();
      List<SampledResponse> responses = group[0].join().responses();
      assertThat(responses.get(0).tokens()).hasSize(20);
      assertThat(responses.get(1).tokens()).hasSize(3);
      assertThat(responses.get(1).finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(responses.get(2).tokens()).hasSize(20);
    }
  }

  @Test
  void aStopTokenOfTheRequestEndsAResponse() {
    Sampling plain = new Sampling(1, 1, 6, 200, 3);
    Sampling stopping = new Sampling(SamplingLaw.at(1), 6, 200, 3, Set.of(5, 7));
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap())) {
      List<SampledResponse> whole = sample(engine, new GroupRequest(new int[] {1}, plain, 7, 0));
      List<SampledResponse> stopped =
          sample(engine, new GroupRequest(new int[] {1}, stopping, 7, 0));
      for (int i = 0; i < whole.size(); i++) {
        int[] tokens = whole.get(i).tokens();
        int first =
            IntStream.range(0, tokens.length)
                .filter(t -> tokens[t] == 5 || tokens[t] == 7)
                .findFirst()
                .orElseThrow();
        assertThat(stopped.get(i).tokens()).isEqualTo(Arrays.copyOf(tokens, first + 1));
        assertThat(stopped.get(i).finishReason()).isEqualTo(FinishReason.STOP);
      }
    }
  }

  @Test
  void newWeightsReachEveryThreadEvenOneThatIsIdle() throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    PolicyVersion newer = TinyPolicy.version(1, newWeights);
    try (GenerationEngine engine = Engines.start(weights, NO_END, new SwapInFlight(), 8, 4)) {
      WeightUpdate update = engine.offer(newer, newWeights);
      assertThat(update.outcome().join()).isEqualTo(WeightUpdateOutcome.APPLIED);
      assertThat(engine.status().version()).isEqualTo(newer);
      assertThat(update.firstToken()).isNotDone();
      sample(engine, request(new int[] {1}, 1, 3, 1));
      assertThat(update.firstToken()).isCompleted();
    }
  }

  @Test
  void theStatusShowsWeightsOnceTheyAreSaidToBeInUse() throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    try (GenerationEngine engine = Engines.start(weights, NO_END, new SwapInFlight(), 8, 2)) {
      for (int step = 1; step <= 100; step++) {
        Path file = step % 2 == 0 ? weights : newWeights;
        PolicyVersion version = TinyPolicy.version(step, file);
        engine.offer(version, file).outcome().join();
        assertThat(engine.status().version()).isEqualTo(version);
      }
    }
  }

  @Test
  void anUpdateThatWaitsForTheOldWeightsIsSupersededByANewerOne() throws IOException {
    PolicyVersion[] versions = new PolicyVersion[4];
    Path[] files = new Path[4];
    for (int i = 1; i < 4; i++) {
      files[i] = TinyPolicy.weights(folder.resolve("w" + i + ".safetensors"), 1 + i);
      versions[i] = TinyPolicy.version(i, files[i]);
    }
    CountDownLatch offered = new CountDownLatch(1);
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap(), 8, 1)) {
      GroupSampling running =
          engine.submit(
              request(new int[] {1}, 1, 100, 1),
              (sample, response) -> awaitUninterruptibly(offered));
      WeightUpdate first = engine.offer(versions[1], files[1]);
      first.loaded().join();
      WeightUpdate second = engine.offer(versions[2], files[2]);
      WeightUpdate third = engine.offer(versions[3], files[3]);
      assertThat(second.outcome().join()).isEqualTo(WeightUpdateOutcome.SUPERSEDED);
      offered.countDown();
      running.join();
      assertThat(first.outcome().join()).isEqualTo(WeightUpdateOutcome.APPLIED);
      assertThat(third.outcome().join()).isEqualTo(WeightUpdateOutcome.APPLIED);
      Await.until("the newest is in use", () -> engine.status().version().equals(versions[3]));
    }
  }

  @Test
  void whatRemainsOfAGroupRunsItsPromptAgainOnNewWeights() throws IOException {
    Path newWeights = TinyPolicy.weights(folder.resolve("new.safetensors"), 2);
    PolicyVersion newer = TinyPolicy.version(1, newWeights);
    // Six responses in two slots: the first two see the update come, the others begin after it.
    GroupRequest request = request(new int[] {3, 1, 2}, 6, 30, 1);
    List<SampledResponse> fresh;
    try (GenerationEngine engine = Engines.start(newWeights, NO_END, new SwapInFlight())) {
      fresh = sample(engine, request);
    }
    CountDownLatch once = new CountDownLatch(1);
    try (GenerationEngine engine = Engines.start(weights, NO_END, new SwapInFlight(), 6, 3)) {
      ResponseListener offersInTheMiddle =
          new ResponseListener() {
            @Override
            public void drew(int sample, int token, float logProbability) {
              if (once.getCount() > 0 && sample == 1) {
                once.countDown();
                engine.offer(newer, newWeights).loaded().join();
              }
            }

            @Override
            public void finished(int sample, SampledResponse response) {}
          };
      List<SampledResponse> responses =
          engine.submit(request, offersInTheMiddle).join().responses();
      for (int i = 2; i < 6; i++) {
        assertThat(responses.get(i).versions()).extracting(VersionSpan::version).hasSize(1);
        assertThat(responses.get(i).tokens()).isEqualTo(fresh.get(i).tokens());
      }
      assertThat(responses.get(0).versions()).hasSize(2);
    }
  }

  @Test
  void cancelledGroupsOfEveryStageLeaveNothingBehind() {
    try (GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap(), 8, 2)) {
      Random random = new Random(3);
      Set<GroupSampling> groups = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        GroupSampling group =
            engine.submit(
                request(new int[] {1, 2}, 7, 1 + random.nextInt(40), i), ResponseListener.NONE);
        groups.add(group);
        if (random.nextInt(3) > 0) {
          groups.stream()
              .skip(random.nextInt(groups.size()))
              .findFirst()
              .orElseThrow()
              .cancel(false);
        }
      }
      for (GroupSampling group : groups) {
        if (!group.isCancelled()) {
          assertThat(group.join().responses()).hasSize(7);
        }
      }
      Await.until("all slots are free", () -> engine.status().liveRows() == 0);
      assertThat(engine.status().waitingGroups()).isZero();
      assertThat(sample(engine, request(new int[] {1}, 8, 5, 1))).hasSize(8);
    }
  }

  @Test
  void closingWithGroupsOfEveryStageFailsThemAll() {
    GenerationEngine engine = Engines.start(weights, NO_END, new FinishThenSwap(), 8, 2);
    List<GroupSampling> groups =
        IntStream.range(0, 20)
            .mapToObj(i -> engine.submit(request(new int[] {1}, 7, 400, i), ResponseListener.NONE))
            .toList();
    Await.until("it decodes", () -> engine.status().tokens() > 50);
    engine.close();
    for (GroupSampling group : groups) {
      assertThatThrownBy(group::join).hasCauseInstanceOf(EngineStoppedException.class);
    }
  }

  private List<List<SampledResponse>> sampleAll(
      List<GroupRequest> requests, int slots, int engines) {
    try (GenerationEngine engine =
        Engines.start(weights, Set.of(TinyPolicy.END), new FinishThenSwap(), slots, engines)) {
      return requests.stream().map(r -> engine.submit(r, ResponseListener.NONE)).toList().stream()
          .map(group -> group.join().responses())
          .toList();
    }
  }

  private static GroupRequest request(int[] prompt, int group, int budget, long seed) {
    return new GroupRequest(prompt, new Sampling(1, 1, group, budget, seed), 77, 0);
  }

  private static List<SampledResponse> sample(GenerationEngine engine, GroupRequest request) {
    return engine.submit(request, ResponseListener.NONE).join().responses();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

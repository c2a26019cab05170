package dev.drpo.benchmarks.generate;

import dev.drpo.benchmarks.machine.SgemmLimit;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.policy.engine.TensorEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Takes the measurements one after the other. */
public final class GenerateMeasuring {
  private static final int PROMPT_TOKENS = 64;
  private static final int NEW_TOKENS = 128;
  private static final int MAX_BASELINE_ROUNDS = 3;
  private static final int MAX_LONG_ROUNDS = 3;
  private static final double WARM_UP_SECONDS = 3;

  private final GenerateBench bench;
  private final int rounds;
  private final Consumer<String> progress;

  public GenerateMeasuring(GenerateBench bench, int rounds, Consumer<String> progress) {
    this.bench = bench;
    this.rounds = rounds;
    this.progress = progress;
  }

  public Measurements.Row throughput(int batch, int group, int threads, double limitGflops) {
    progress.accept("%d responses in groups of %d on %d threads".formatted(batch, group, threads));
    int engines = Math.min(threads, batch);
    List<GroupRequest> requests =
        IntStream.range(0, batch / group)
            .mapToObj(i -> GenerateBench.request(PROMPT_TOKENS, group, NEW_TOKENS, i))
            .toList();
    double seconds;
    try (GenerationEngine engine = bench.engine(batch, engines, 1, PROMPT_TOKENS, NEW_TOKENS)) {
      // What counts is the speed of an engine that has run for a while.
      double warmUp = WARM_UP_SECONDS;
      while (warmUp > 0) {
        warmUp -= GenerateBench.seconds(engine, requests);
      }
      seconds = GenerateBench.best(rounds, () -> GenerateBench.seconds(engine, requests));
    }
    double tokens = (double) batch * NEW_TOKENS;
    double operations =
        Work.operations(GenerateBench.SHAPE, batch / group, batch, PROMPT_TOKENS, NEW_TOKENS);
    return new Measurements.Row(
        batch,
        group,
        threads,
        PROMPT_TOKENS,
        NEW_TOKENS,
        tokens / seconds,
        tokens / baselineSeconds(batch, threads),
        operations / seconds / 1e9 / limitGflops);
  }

  private double baselineSeconds(int batch, int threads) {
    return onThreads(
        threads,
        () -> {
          try (EagerSampler eager = new EagerSampler(bench.weights())) {
            return GenerateBench.best(
                Math.min(rounds, MAX_BASELINE_ROUNDS),
                () -> {
                  long start = System.nanoTime();
                  eager.sample(batch, PROMPT_TOKENS, NEW_TOKENS);
                  return (System.nanoTime() - start) / 1e9;
                });
          }
        });
  }

  public double limit(int threads) throws InterruptedException {
    return SgemmLimit.gflops(threads);
  }

  /** A thread keeps its settings of the tensor library, so each measurement has its own. */
  private static double onThreads(int threads, DoubleSupplier work) {
    return CompletableFuture.supplyAsync(
            () -> {
              TensorEngine.setThreads(threads);
              TensorEngine.prepareThread();
              return work.getAsDouble();
            },
            task -> Thread.ofPlatform().name("bench").start(task))
        .join();
  }

  /** What bits that do not depend on the batch cost, by the number of responses. */
  public Measurements.Invariance invariance(int responses) {
    progress.accept(responses + " responses, beside the tensor library's own steps");
    Measurements.Invariance[] measured = new Measurements.Invariance[1];
    onThreads(
        1,
        () -> {
          measured[0] = new Invariance(bench.weights(), rounds).measure(responses);
          return 0;
        });
    return measured[0];
  }

  public Measurements.SlotUse slotUse() {
    int slots = 32;
    int longest = 512;
    progress.accept("lengths with a heavy tail in " + slots + " slots");
    Random random = new Random(11);
    List<GroupRequest> requests = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < 40 * slots; i++) {
      // Pareto lengths, cut off at the longest: a quarter of it in the mean.
      int length = (int) Math.min(longest, 40 / Math.pow(1 - random.nextDouble(), 1 / 1.15));
      requests.add(GenerateBench.request(PROMPT_TOKENS, 1, length, i));
      lengths.add(length);
    }
    double mean = lengths.stream().mapToInt(Integer::intValue).average().orElseThrow();
    double tokens = mean * lengths.size();
    double use;
    double seconds;
    double staticSeconds;
    try (GenerationEngine engine = bench.engine(slots, 1, 1, PROMPT_TOKENS, longest)) {
      seconds = GenerateBench.seconds(engine, requests);
      use = engine.status().slotUse();
      staticSeconds = 0;
      for (int i = 0; i < requests.size(); i += slots) {
        staticSeconds += staticBatch(engine, requests.subList(i, i + slots));
      }
    }
    return new Measurements.SlotUse(
        slots, mean / longest, use, tokens / seconds, tokens / staticSeconds);
  }

  /** A batch whose rows are decoded until the longest has ended. */
  private static double staticBatch(GenerationEngine engine, List<GroupRequest> requests) {
    int longest =
        requests.stream().mapToInt(r -> r.sampling().maxResponseTokens()).max().orElseThrow();
    return GenerateBench.seconds(
        engine,
        requests.stream()
            .map(r -> GenerateBench.request(PROMPT_TOKENS, 1, longest, r.stream()))
            .toList());
  }

  public Measurements.PrefixSharing prefixSharing() {
    int prompt = 512;
    int group = 16;
    progress.accept("a prompt of %d tokens for %d responses".formatted(prompt, group));
    List<GroupRequest> shared = List.of(GenerateBench.request(prompt, group, 1, 1));
    List<GroupRequest> apart =
        IntStream.range(0, group)
            .mapToObj(i -> GenerateBench.request(prompt, 1, 1, 1 + i))
            .toList();
    try (GenerationEngine engine = bench.engine(group, 1, 1, prompt, 1)) {
      double sharedSeconds =
          GenerateBench.best(3 * rounds, () -> GenerateBench.seconds(engine, shared));
      double apartSeconds = GenerateBench.best(rounds, () -> GenerateBench.seconds(engine, apart));
      double ideal = apartSeconds * (group - 1) / group;
      return new Measurements.PrefixSharing(
          prompt,
          group,
          1e3 * sharedSeconds,
          1e3 * apartSeconds,
          (apartSeconds - sharedSeconds) / ideal);
    }
  }

  public Measurements.LengthCost lengthCost() {
    progress.accept(
        "%d responses of up to %d tokens".formatted(LengthCosts.ROWS, LengthCosts.MAX_LENGTH));
    LengthCosts costs = new LengthCosts();
    try (GenerationEngine engine =
        bench.engine(LengthCosts.ROWS, 1, 1, 1, LengthCosts.MAX_LENGTH)) {
      for (int round = 0; round < Math.min(rounds, MAX_LONG_ROUNDS); round++) {
        costs.decode(engine);
        costs.read(onThreads(1, LengthCosts::secondsToRead));
      }
    }
    return costs.measured();
  }
}

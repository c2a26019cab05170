package dev.drpo.learner.run;

import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.problems.Problem;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reports.samples.SampleChoice;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleLog;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.SamplesConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Keeps some of each step's responses for people, on a thread of its own beside the next step. What
 * can't be written is told and left out: nobody's training depends on it.
 */
final class StepSamples implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StepSamples.class);
  private static final int CLOSE_PATIENCE_SECONDS = 10;
  private static final long BYTES_PER_MEBIBYTE = 1 << 20;

  /** Steps whose groups are held for it at a time. */
  private static final int MOST_WAITING = 2;

  private final SampleChoice choice;
  private final SampleLog log;
  private final Map<String, Problem> problems;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("samples").factory());

  private StepSamples(SampleChoice choice, SampleLog log, Map<String, Problem> problems) {
    this.choice = choice;
    this.log = log;
    this.problems = problems;
  }

  /**
   * Those of a run that goes on with a step, the first of which is 0.
   *
   * @param problems that it trains on
   * @throws IOException if what was kept of later steps can't be removed
   */
  static StepSamples of(RunConfig config, List<RenderedProblem> problems, long firstStep)
      throws IOException {
    SamplesConfig kept = config.samples();
    return new StepSamples(
        new SampleChoice(kept.every(), kept.others()),
        SampleLog.open(
            config.run().directory(), firstStep + 1, kept.mebibytes() * BYTES_PER_MEBIBYTE),
        problems.stream()
            .map(RenderedProblem::problem)
            .collect(Collectors.toMap(Problem::id, problem -> problem, (first, _) -> first)));
  }

  /**
   * Hands a step's groups over; returns at once.
   *
   * @param step the first is 0
   * @param groups gives what was learned from, in that order; not asked where nothing is kept
   */
  void keep(long step, Supplier<List<ScoredGroup>> groups, StepUpdate.Learned learned) {
    if (choice.isNothing()) {
      return;
    }
    if (!room.tryAcquire()) {
      LOG.warnf("step %d's responses are not kept: those before it are still written", step + 1);
      return;
    }
    List<double[]> weights =
        learned.results().stream().flatMap(result -> weights(result).stream()).toList();
    List<ScoredGroup> scored = groups.get();
    writer.execute(() -> write(step + 1, scored, weights));
  }

  private void write(long step, List<ScoredGroup> scored, List<double[]> weights) {
    try {
      List<SampleGroup> groups =
          IntStream.range(0, scored.size())
              .mapToObj(g -> group(step, scored.get(g), weights.get(g)))
              .toList();
      log.write(step, choice.of(step, groups));
    } catch (IOException | RuntimeException e) {
      LOG.warnf("step %d's responses are not kept: %s", step, e);
    } finally {
      room.release();
    }
  }

  private SampleGroup group(long step, ScoredGroup scored, double[] weights) {
    return SampleRecords.group(
        step, problems.get(scored.getGroup().getId().getPrompt()), scored, weights);
  }

  /** Of each group's samples; NaN where the update was skipped. */
  private static List<double[]> weights(MiniBatchUpdate.Result result) {
    List<double[]> weights = new ArrayList<>(Arrays.asList(result.weights()));
    for (int g = weights.size(); g < result.groups().size(); g++) {
      double[] none = new double[result.groups().get(g).samples().size()];
      Arrays.fill(none, Double.NaN);
      weights.add(none);
    }
    return weights;
  }

  /** Waits until what was handed over is written. */
  @Override
  public void close() throws InterruptedException {
    writer.shutdown();
    if (!writer.awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      LOG.warnf(
          "the last steps' responses are not kept: they took longer than %d s to write",
          CLOSE_PATIENCE_SECONDS);
    }
  }
}

package dev.drpo.learner.run;

import dev.drpo.learner.report.Evaluation;
import dev.drpo.learner.report.RunReport;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.Publication;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A run from its first step, or its newest checkpoint, to its report. Everything happens on the
 * thread that calls {@link #toCompletion}, except that weights are published beside the next step.
 *
 * <p>A step takes its groups from the scored log, updates the policy mini-batch by mini-batch,
 * publishes the weights, and now and then writes a checkpoint with the log position of the first
 * group that it has not learned from. A restarted run therefore trains on every group once in its
 * history.
 */
final class TrainingRun {
  private final RunConfig config;
  private final StepGroups groups;
  private final StepUpdate update;
  private final Publication weights;
  private final RunCheckpoints checkpoints;
  private final Evaluator evaluator;
  private final RunProgress progress;
  private final StepStatistics statistics;

  TrainingRun(
      RunConfig config,
      StepGroups groups,
      StepUpdate update,
      Publication weights,
      RunCheckpoints checkpoints,
      Evaluator evaluator,
      RunProgress progress) {
    this.config = config;
    this.groups = groups;
    this.update = update;
    this.weights = weights;
    this.checkpoints = checkpoints;
    this.evaluator = evaluator;
    this.progress = progress;
    this.statistics = new StepStatistics(config, update.objective().signal());
  }

  /** Runs to the end and writes the report. */
  RunReport toCompletion() throws InterruptedException, IOException {
    long first = weights.await().step();
    progress.evaluatesBefore(first);
    // A resumed policy is not the starting one: what was found at the start is read, not measured.
    Evaluation before = first == 0 ? evaluator.evaluate(0) : evaluator.recall(0);

    progress.trains(before);
    for (long step = first; step < config.training().steps(); step++) {
      train(step);
    }

    progress.evaluatesAfter();
    PolicyVersion trained = weights.await();
    Evaluation after = evaluator.evaluate(trained.step());
    progress.evaluated(after);
    PolicyExport.like(new PolicyFolder(config.policy().path()))
        .write(update.trainer().decoder(), config.run().directory().resolve("policy"));
    return progress.complete(before, after, trained);
  }

  private void train(long step) throws InterruptedException, IOException {
    long started = System.nanoTime();
    groups.dispatchFrom(step);
    StepGroups.Collected collected = groups.collect(step);
    List<TrainingGroup> batch = collected.groups();

    long arrived = System.nanoTime();
    StepUpdate.Learned learned = update.learn(batch, step);

    long updated = System.nanoTime();
    groups.finish(step, batch);
    weights.publish(step + 1, update.trainer().decoder());

    StepStatistics.Times times =
        new StepStatistics.Times(
            Duration.ofNanos(arrived - started),
            Duration.ofNanos(updated - arrived),
            Duration.ofNanos(System.nanoTime() - started));
    progress.finished(statistics.of(step, collected, learned, times));
    if (checkpoints.isDueAfter(step + 1)) {
      // A checkpoint names the digest of its weights, and a version that is out.
      checkpoints.write(weights.await());
    }
  }
}

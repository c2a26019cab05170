package dev.drpo.learner.run;

import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.Publication;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.RunReport;
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
 * history. One that is asked to end writes a checkpoint of the steps that it has taken.
 */
final class TrainingRun {
  private final RunConfig config;
  private final StepGroups groups;
  private final PolicyInTraining policy;
  private final Publication weights;
  private final RunCheckpoints checkpoints;
  private final RunEvaluations evaluations;
  private final RunProgress progress;
  private final StepSamples samples;
  private final StepStatistics statistics;
  private final RunStop stop;

  /** Steps done when the newest checkpoint was written. */
  private long kept;

  TrainingRun(
      RunConfig config,
      StepGroups groups,
      PolicyInTraining policy,
      Publication weights,
      RunCheckpoints checkpoints,
      RunEvaluations evaluations,
      RunProgress progress,
      StepSamples samples,
      RunStop stop) {
    this.config = config;
    this.groups = groups;
    this.policy = policy;
    this.weights = weights;
    this.checkpoints = checkpoints;
    this.evaluations = evaluations;
    this.progress = progress;
    this.samples = samples;
    this.stop = stop;
    this.statistics = new StepStatistics(config, policy::signal);
  }

  /** Runs to the end and writes the report. */
  RunReport toCompletion() throws InterruptedException, IOException {
    Evaluation before = train();
    progress.evaluatesAfter();
    PolicyVersion trained = weights.await();
    Evaluation after = evaluations.of(trained.step());
    progress.evaluated(after);
    policy.export(config.run().directory().resolve("policy"));
    return progress.complete(
        before, after, evaluations.log(), trained, checkpoints.repeatability());
  }

  /**
   * Takes the steps that are left; gives what was found of the policy that the run started from.
   */
  Evaluation train() throws InterruptedException, IOException {
    long first = weights.await().step();
    evaluations.recallBefore(first);
    progress.recalled(evaluations.log());
    progress.evaluatesBefore(first);
    // A resumed policy is not the starting one: what was found at the start is read, not measured.
    Evaluation before = first == 0 ? evaluations.of(0) : evaluations.ofStart();

    kept = first;
    progress.trains(before);
    for (long step = first; step < config.training().steps(); step++) {
      if (evaluations.isDueAt(step)) {
        evaluate();
      }
      take(step);
    }
    return before;
  }

  /** Evaluates the policy between two steps. The checkpoint of that very policy is written. */
  private void evaluate() throws InterruptedException, IOException {
    progress.evaluatesBetween();
    // A replica drops a task whose weights are not out.
    long step = weights.await().step();
    progress.evaluated(step, evaluations.of(step));
  }

  private void take(long step) throws InterruptedException, IOException {
    long started = System.nanoTime();
    RunCheckpoints.Boundary boundary = checkpoints.boundary();
    StepGroups.Collected collected;
    try {
      groups.dispatchFrom(step);
      collected = groups.collect(step);
      stop.beginLearning();
    } catch (InterruptedException e) {
      if (stop.isAsked() && step > kept) {
        // What has arrived for this step is read again.
        checkpoints.write(weights.await(), boundary);
      }
      throw e;
    }
    List<TrainingGroup> batch = collected.groups();

    long arrived = System.nanoTime();
    StepUpdate.Learned learned = policy.learn(batch, step);
    stop.endLearning();

    long updated = System.nanoTime();
    samples.keep(step, () -> groups.scored(step, batch), learned);
    groups.finish(step, batch);
    weights.publish(step + 1);

    StepStatistics.Times times =
        new StepStatistics.Times(
            Duration.ofNanos(arrived - started),
            Duration.ofNanos(updated - arrived),
            Duration.ofNanos(System.nanoTime() - started));
    progress.finished(statistics.of(step, collected, learned, times));
    if (checkpoints.isDueAfter(step + 1) || evaluations.isDueAt(step + 1)) {
      keep(step + 1);
    }
    if (stop.endStep()) {
      if (kept < step + 1) {
        keep(step + 1);
      }
      throw new InterruptedException("asked to end");
    }
  }

  /**
   * Writes a checkpoint. It names the digest of its weights, and a version that is out. With one
   * before each evaluation, a run that is killed goes on with it and evaluates no other policy.
   */
  private void keep(long steps) throws InterruptedException, IOException {
    checkpoints.write(weights.await(), checkpoints.boundary());
    kept = steps;
  }
}

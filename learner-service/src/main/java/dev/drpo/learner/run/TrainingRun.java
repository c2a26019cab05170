package dev.drpo.learner.run;

import com.google.common.collect.Lists;
import dev.drpo.learner.checkpoint.CheckpointManifest;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.data.ProblemFile;
import dev.drpo.learner.report.Evaluation;
import dev.drpo.learner.report.MetricsLog;
import dev.drpo.learner.report.ReportWriter;
import dev.drpo.learner.report.RunReport;
import dev.drpo.learner.report.StepMetrics;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.Publication;
import dev.drpo.learner.weights.PublishedPolicy;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

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
  private static final Logger LOG = Logger.getLogger(TrainingRun.class);

  private final RunConfig config;
  private final RunSettings settings;
  private final ProblemFile data;
  private final PolicyTrainer trainer;
  private final Objective objective;
  private final MiniBatchUpdate update;
  private final OptimizerSchedule optimizer;
  private final SkippedUpdates skipped;
  private final StepGroups steps;
  private final Evaluator evaluator;
  private final GroupInbox inbox;
  private final SnapshotStore policies;
  private final Publication weights;
  private final CheckpointStore checkpoints;
  private final MetricsLog metricsLog;
  private final RunCounters counters;
  private final RunStatus status;
  private final RunClock clock;
  private final Map<Long, String> digests;
  private long stepsDone;

  TrainingRun(RunParts parts) {
    this.config = parts.config();
    this.settings = parts.settings();
    this.data = parts.data();
    this.trainer = parts.trainer();
    this.objective = parts.objective();
    this.update = parts.update();
    this.optimizer = OptimizerSchedule.of(config);
    this.skipped =
        new SkippedUpdates(config.training().badStepsAllowed(), config.run().directory());
    this.steps = parts.steps();
    this.evaluator = parts.evaluator();
    this.inbox = parts.inbox();
    this.policies = parts.policies();
    this.weights = parts.weights();
    this.checkpoints = parts.checkpoints();
    this.metricsLog = parts.metricsLog();
    this.counters = parts.counters();
    this.status = parts.status();
    this.clock = parts.clock();
    this.digests = new TreeMap<>(parts.digests());
    this.stepsDone = parts.startingPolicy().step();
  }

  /** Runs to the end and writes the report. */
  RunReport toCompletion() throws InterruptedException, IOException, ExecutionException {
    inbox.catchUp();
    status.update(s -> s.setStepsDone(stepsDone));

    status.enter(RunState.RUN_STATE_EVALUATING_BEFORE);
    // A resumed policy is not the starting one: what was found at the start is read, not measured.
    Evaluation before = stepsDone == 0 ? evaluator.evaluate(0) : evaluator.recall(0);
    status.update(s -> s.setBefore(RunStatus.summary(before)));

    status.enter(RunState.RUN_STATE_TRAINING);
    clock.enterTraining();
    for (long step = stepsDone; step < config.training().steps(); step++) {
      train(step);
    }
    clock.leaveTraining();

    status.enter(RunState.RUN_STATE_EVALUATING_AFTER);
    Evaluation after = evaluator.evaluate(stepsDone);
    status.update(s -> s.setAfter(RunStatus.summary(after)));
    export();
    RunReport report = report(before, after);
    ReportWriter.write(
        config.run().directory(),
        report,
        MetricsLog.read(config.run().directory().resolve("metrics.jsonl")));
    status.counters(counters);
    status.enter(RunState.RUN_STATE_COMPLETED);
    return report;
  }

  private void train(long step) throws InterruptedException, IOException, ExecutionException {
    long started = System.nanoTime();
    steps.dispatchFrom(step);
    StepGroups.Collected collection = steps.collect(step);
    List<TrainingGroup> groups = collection.groups();
    long collected = System.nanoTime();
    Learned done = learn(groups, step);
    long learned = System.nanoTime();
    inbox.finishStep(step);
    counters.trained += groups.size();
    counters.tokensLearned += groups.stream().mapToLong(TrainingGroup::responseTokens).sum();
    publish(step + 1);
    StepMetrics metrics =
        StepStatistics.of(
            collection,
            done.results(),
            done.gap(),
            config,
            step,
            seconds(started, collected),
            seconds(collected, learned),
            seconds(started, System.nanoTime()));
    metricsLog.append(metrics);
    clock.stepTook(metrics.stepSeconds());
    status.counters(counters);
    status.step(
        StepStatistics.summary(metrics),
        clock.secondsLeft(config.training().steps() - metrics.step()),
        metrics.tokensPerSecond());
    LOG.infof(
        "step %d: accuracy %.3f, length %.1f, KL %.2e, gradient %.3f, %.1f s",
        metrics.step(),
        metrics.accuracy(),
        metrics.meanLength(),
        metrics.kl(),
        metrics.gradientNorm(),
        metrics.stepSeconds());
    boolean last = step + 1 == config.training().steps();
    if (last || (step + 1) % config.training().checkpointEvery() == 0) {
      checkpoint();
    }
  }

  /** What came of a step's mini-batches, and how far sampler and learner are apart. */
  private record Learned(List<MiniBatchUpdate.Result> results, LogProbabilityGap gap) {}

  private Learned learn(List<TrainingGroup> groups, long step) throws IOException {
    boolean recompute = config.training().oldLogProbabilities().equals("recompute");
    List<TrainingGroup> ready = recompute ? update.recomputeOld(groups) : groups;
    int size = Math.ceilDiv(ready.size(), config.training().miniBatchesPerStep());
    List<MiniBatchUpdate.Result> results = new ArrayList<>();
    for (List<TrainingGroup> miniBatch : Lists.partition(ready, size)) {
      // Only before the first update are the weights those of a published version.
      MiniBatchUpdate.Result result =
          update.apply(miniBatch, results.isEmpty() ? step : -1, optimizer.at(step));
      results.add(result);
      skipped.note(step + 1, results.size(), result.outcome());
      if (result.outcome() instanceof Outcome.Applied) {
        miniBatch.forEach(this::observe);
      }
    }
    LogProbabilityGap gap =
        recompute ? LogProbabilityGap.ofRecomputed(ready, step) : results.getFirst().gap();
    if (gap.mean() > config.training().logProbabilityAlarm()) {
      LOG.warnf(
          "step %d: sampler and learner disagree by %.4f nats per token under the same weights, at"
              + " most %.4f; training.log-probability-alarm is %s: check that both run the same"
              + " weights, precision and temperature, or set training.old-log-probabilities to"
              + " recompute",
          step + 1, gap.mean(), gap.largest(), config.training().logProbabilityAlarm());
    }
    return new Learned(results, gap);
  }

  private void observe(TrainingGroup group) {
    for (TrainingGroup.Sample sample : group.samples()) {
      objective.observe(group.prompt(), sample.correct(), sample.tokens().length);
    }
  }

  /**
   * Hands the weights over for publication, which goes on beside the next step. Only the copy into
   * a file has to be done before the weights change again.
   */
  private void publish(long step) throws InterruptedException, IOException {
    awaitPublication();
    weights.publish(policies.write(step, trainer.decoder()));
    stepsDone = step;
  }

  /** The newest version, once every replica can get it. */
  private PublishedPolicy awaitPublication() throws InterruptedException {
    PublishedPolicy policy = weights.await();
    digests.put(policy.step(), policy.digest().hex());
    return policy;
  }

  private void checkpoint() throws InterruptedException, IOException {
    // A checkpoint names the digest of its weights, and a version that is out.
    PublishedPolicy policy = awaitPublication();
    CheckpointManifest manifest =
        new CheckpointManifest(
            CheckpointManifest.FORMAT,
            config.run().id(),
            policy.step(),
            policy.digest().hex(),
            trainer.optimizerSteps(),
            data.sha256(),
            config.run().seed(),
            config.training().promptsPerStep(),
            settings.values(),
            inbox.resumeOffsets(),
            inbox.positions(),
            digests,
            clock.wallSeconds(),
            clock.trainingSeconds(),
            counters.snapshot(),
            objective.state(),
            Map.of());
    checkpoints.write(manifest, trainer);
  }

  private void export() throws IOException {
    PolicyExport.like(new PolicyFolder(config.policy().path()))
        .write(trainer.decoder(), config.run().directory().resolve("policy"));
  }

  private RunReport report(Evaluation before, Evaluation after) throws InterruptedException {
    PublishedPolicy policy = awaitPublication();
    return new RunReport(
        config.run().id(),
        data.name(),
        config.policy().path().toString(),
        config.objective().name(),
        config.objective().lengthTemperature().orElse(Double.NaN),
        config.objective().trustRegion().orElse(Double.NaN),
        config.run().seed(),
        policy.step(),
        clock.wallSeconds(),
        clock.trainingSeconds(),
        before,
        after,
        counters.tokensGenerated,
        counters.tokensLearned,
        new RunReport.Groups(
            counters.dispatched,
            counters.scored,
            counters.trained,
            counters.duplicates,
            counters.deadLetters),
        policy.digest().hex(),
        RunVersions.all());
  }

  private static double seconds(long from, long to) {
    return (to - from) / 1e9;
  }
}

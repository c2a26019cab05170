package dev.drpo.learner.run;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.ReportWriter;
import dev.drpo.reports.RunCounts;
import dev.drpo.reports.RunRepeatability;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.tracking.Trackers;
import java.io.IOException;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/**
 * Tells how a run goes: in its status while it runs, in its metrics after each step, in its report
 * at the end.
 *
 * @param task name of the data set
 * @param metrics the run's {@code metrics.jsonl}
 * @param trackers who else is told
 */
record RunProgress(
    RunConfig config,
    String task,
    RunStatus status,
    RunCounters counters,
    RunClock clock,
    MetricsLog metrics,
    Trackers trackers) {
  private static final Logger LOG = Logger.getLogger(RunProgress.class);

  /** Where a run's metrics lie. */
  static Path metricsFile(RunConfig config) {
    return config.run().directory().resolve("metrics.jsonl");
  }

  /** Where a run's evaluations lie. */
  static Path evaluationsFile(RunConfig config) {
    return config.run().directory().resolve("evaluations.jsonl");
  }

  /** The starting policy is about to be evaluated. */
  void evaluatesBefore(long stepsDone) {
    status.stepsDone(stepsDone);
    status.enter(RunState.RUN_STATE_EVALUATING_BEFORE);
  }

  /** Earlier processes of the run have evaluated policies. */
  void recalled(EvaluationLog evaluations) {
    evaluations.all().forEach(trackers::evaluation);
  }

  /** Training begins. */
  void trains(Evaluation before) {
    tell("starting", before);
    tell(0, before);
    status.evaluatedBefore(before);
    status.enter(RunState.RUN_STATE_TRAINING);
    clock.enterTraining();
  }

  /** A step is done. */
  void finished(StepMetrics step) throws IOException {
    metrics.append(step);
    trackers.step(step);
    clock.stepTook(step.stepSeconds());
    status.counts(counters.counts());
    status.step(step, clock.secondsLeft(config.training().steps() - step.step()));
    LOG.infof(
        "step %d: accuracy %.3f, length %.1f, KL %.2e, gradient %.3f, %.1f s",
        step.step(),
        step.accuracy(),
        step.meanLength(),
        step.kl(),
        step.gradientNorm(),
        step.stepSeconds());
  }

  /** Training pauses; the policy is about to be evaluated. */
  void evaluatesBetween() {
    clock.leaveTraining();
    status.enter(RunState.RUN_STATE_EVALUATING);
  }

  /** The policy has been evaluated; training goes on. */
  void evaluated(long step, Evaluation found) {
    LOG.infof(
        "after step %d, held-out problems: accuracy %.3f, length %.1f",
        step, found.accuracy(), found.meanLength());
    tell(step, found);
    status.enter(RunState.RUN_STATE_TRAINING);
    clock.enterTraining();
  }

  /** All steps are done; the trained policy is about to be evaluated. */
  void evaluatesAfter() {
    clock.leaveTraining();
    status.enter(RunState.RUN_STATE_EVALUATING_AFTER);
  }

  /** The trained policy has been evaluated. */
  void evaluated(Evaluation after) {
    tell("trained", after);
    tell(config.training().steps(), after);
    status.evaluatedAfter(after);
  }

  private void tell(long step, Evaluation found) {
    if (found.isPresent()) {
      trackers.evaluation(new PolicyEvaluation(step, found));
    }
  }

  private static void tell(String which, Evaluation found) {
    if (found.isPresent()) {
      LOG.infof(
          "the %s policy, on %d held-out problems: accuracy %.3f, length %.1f",
          which, found.problems(), found.accuracy(), found.meanLength());
    }
  }

  /** Writes the report, with which the run is complete. */
  RunReport complete(
      Evaluation before,
      Evaluation after,
      EvaluationLog evaluations,
      PolicyVersion trained,
      RunRepeatability repeatability)
      throws IOException {
    RunReport report = report(before, after, evaluations, trained, repeatability);
    ReportWriter.write(config.run().directory(), report, MetricsLog.read(metricsFile(config)));
    trackers.completed(report);
    status.counts(counters.counts());
    status.enter(RunState.RUN_STATE_COMPLETED);
    return report;
  }

  private RunReport report(
      Evaluation before,
      Evaluation after,
      EvaluationLog evaluations,
      PolicyVersion trained,
      RunRepeatability repeatability) {
    RunCounts counts = counters.counts();
    return new RunReport(
        config.run().id(),
        task,
        config.policy().path().toString(),
        config.objective().name(),
        config.objective().lengthTemperature().orElse(Double.NaN),
        config.objective().trustRegion().orElse(Double.NaN),
        config.run().seed(),
        trained.step(),
        clock.wallSeconds(),
        clock.trainingSeconds(),
        before,
        after,
        evaluations.all(),
        evaluations.best().map(PolicyEvaluation::step).orElse(null),
        counts.tokensGenerated(),
        counts.tokensLearned(),
        counts.groups(),
        trained.digest().hex(),
        repeatability,
        RunVersions.all());
  }
}

package dev.drpo.learner.run;

import dev.drpo.learner.weights.PublicationCost;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.GroupCounts;
import dev.drpo.proto.learner.v1.PublicationSummary;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunCounts;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.TaggedNumbers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Where the run stands, and the one place that puts it into the words of the contract. The
 * learner's thread writes; any thread reads a consistent snapshot.
 */
public final class RunStatus {
  private final GetStatusResponse.Builder status = GetStatusResponse.newBuilder();
  private final LongAdder workDone = new LongAdder();
  private final Sightings sightings = new Sightings();
  private volatile RunCounts counts = RunCounts.NONE;
  private volatile Map<String, Double> numbers = Map.of();

  public RunStatus(String run, long stepsTotal) {
    status.setRun(run).setState(RunState.RUN_STATE_STARTING).setStepsTotal(stepsTotal);
  }

  /** The present state of everything. */
  public synchronized GetStatusResponse snapshot() {
    return status.setWorkDone(workDone.sum()).build();
  }

  /** A piece of work is done, of whatever kind. Any thread may say so. */
  public void worked() {
    workDone.increment();
  }

  private synchronized void update(Consumer<GetStatusResponse.Builder> change) {
    change.accept(status);
  }

  void enter(RunState state) {
    update(s -> s.setState(state).setPhaseGroupsDone(0).setPhaseGroupsTotal(0));
  }

  void phase(int done, int total) {
    update(s -> s.setPhaseGroupsDone(done).setPhaseGroupsTotal(total));
  }

  /** What is seen of replicas and dead letters. */
  public Sightings sightings() {
    return sightings;
  }

  /** What has been counted so far. */
  public RunCounts counts() {
    return counts;
  }

  void counts(RunCounts now) {
    counts = now;
    RunCounts.Groups groups = now.groups();
    update(
        s ->
            s.setTokensGenerated(now.tokensGenerated())
                .setTokensLearned(now.tokensLearned())
                .setGroups(
                    GroupCounts.newBuilder()
                        .setDispatched(groups.dispatched())
                        .setScored(groups.scored())
                        .setTrained(groups.trained())
                        .setDuplicates(groups.duplicates())
                        .setDeadLetters(groups.deadLetters())
                        .setRefilled(groups.refilled())
                        .setResent(groups.resent())));
  }

  void stepsDone(long steps) {
    update(s -> s.setStepsDone(steps));
  }

  void tokensPerSecond(double rate) {
    update(s -> s.setTokensPerSecond(rate));
  }

  /** The last step's numbers by the tags that the glossary has for them; those that exist. */
  public Map<String, Double> numbers() {
    return numbers;
  }

  void step(StepMetrics step, double secondsLeft) {
    numbers = TaggedNumbers.of(step);
    update(
        s ->
            s.setLastStep(summary(step))
                .setStepsDone(step.step())
                .setSecondsLeft(secondsLeft)
                .setTokensPerSecond(step.tokensPerSecond()));
  }

  void evaluatedBefore(Evaluation evaluation) {
    update(s -> s.setBefore(summary(evaluation)));
  }

  void evaluatedAfter(Evaluation evaluation) {
    update(s -> s.setAfter(summary(evaluation)));
  }

  void evaluations(EvaluationLog log) {
    update(
        s -> {
          s.clearEvaluations();
          log.all().forEach(evaluated -> s.addEvaluations(summary(evaluated)));
          log.best().ifPresent(best -> s.setBest(summary(best)));
        });
  }

  void published(PolicyVersion version, PublicationCost cost) {
    worked();
    update(
        s -> {
          s.setPolicy(PolicyRecords.of(version));
          PublicationSummary.Builder sum = s.getPublicationsBuilder();
          sum.setVersions(sum.getVersions() + 1)
              .setPatched(sum.getPatched() + (cost.patchBytes() > 0 ? 1 : 0))
              .setPatchBytes(sum.getPatchBytes() + cost.patchBytes())
              .setSnapshotBytes(sum.getSnapshotBytes() + cost.snapshotBytes())
              .setEncodingSeconds(sum.getEncodingSeconds() + seconds(cost.encoding()))
              .setPublicationSeconds(sum.getPublicationSeconds() + seconds(cost.publication()));
        });
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** Marks the run as failed; the message names what failed and how to go on. */
  public void fail(String message) {
    update(s -> s.setState(RunState.RUN_STATE_FAILED).setFailure(message));
  }

  private static StepSummary summary(StepMetrics step) {
    return StepSummary.newBuilder()
        .setStep(step.step())
        .setAccuracy(step.accuracy())
        .setMeanLength(step.meanLength())
        .setMeanLengthCorrect(step.meanLengthCorrect())
        .setMeanLengthWrong(step.meanLengthWrong())
        .setKl(step.kl())
        .setKlAfter(step.klAfter())
        .setGradientNorm(step.gradientNorm())
        .setStepSeconds(step.stepSeconds())
        .setTokens(step.tokensGenerated())
        .build();
  }

  private static EvaluationSummary summary(PolicyEvaluation evaluated) {
    return summary(evaluated.evaluation()).toBuilder().setStep(evaluated.step()).build();
  }

  private static EvaluationSummary summary(Evaluation evaluation) {
    return EvaluationSummary.newBuilder()
        .setAccuracy(evaluation.accuracy())
        .setMeanLength(evaluation.meanLength())
        .setMeanLengthCorrect(evaluation.meanLengthCorrect())
        .setMeanLengthWrong(evaluation.meanLengthWrong())
        .setSamples(evaluation.samples())
        .build();
  }
}

package dev.drpo.learner.run;

import dev.drpo.learner.report.Evaluation;
import dev.drpo.learner.weights.PublicationCost;
import dev.drpo.learner.weights.PublishedPolicy;
import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.GroupCounts;
import dev.drpo.proto.learner.v1.PublicationSummary;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import java.time.Duration;
import java.util.function.Consumer;

/** Where the run stands. The learner's thread writes; any thread reads a consistent snapshot. */
public final class RunStatus {
  private final GetStatusResponse.Builder status = GetStatusResponse.newBuilder();

  public RunStatus(String run, long stepsTotal) {
    status.setRun(run).setState(RunState.RUN_STATE_STARTING).setStepsTotal(stepsTotal);
  }

  /** The present state of everything. */
  public synchronized GetStatusResponse snapshot() {
    return status.build();
  }

  synchronized void update(Consumer<GetStatusResponse.Builder> change) {
    change.accept(status);
  }

  void enter(RunState state) {
    update(s -> s.setState(state).setPhaseGroupsDone(0).setPhaseGroupsTotal(0));
  }

  void phase(int done, int total) {
    update(s -> s.setPhaseGroupsDone(done).setPhaseGroupsTotal(total));
  }

  void counters(RunCounters counters) {
    update(
        s ->
            s.setTokensGenerated(counters.tokensGenerated)
                .setTokensLearned(counters.tokensLearned)
                .setGroups(
                    GroupCounts.newBuilder()
                        .setDispatched(counters.dispatched)
                        .setScored(counters.scored)
                        .setTrained(counters.trained)
                        .setDuplicates(counters.duplicates)
                        .setDeadLetters(counters.deadLetters)
                        .setRefilled(counters.refilled)));
  }

  void step(StepSummary summary, double secondsLeft, double tokensPerSecond) {
    update(
        s ->
            s.setLastStep(summary)
                .setStepsDone(summary.getStep())
                .setSecondsLeft(secondsLeft)
                .setTokensPerSecond(tokensPerSecond));
  }

  void published(PublishedPolicy policy, PublicationCost cost) {
    update(
        s -> {
          s.setPolicy(policy.version());
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

  static EvaluationSummary summary(Evaluation evaluation) {
    return EvaluationSummary.newBuilder()
        .setAccuracy(evaluation.accuracy())
        .setMeanLength(evaluation.meanLength())
        .setMeanLengthCorrect(evaluation.meanLengthCorrect())
        .setMeanLengthWrong(evaluation.meanLengthWrong())
        .setSamples(evaluation.samples())
        .build();
  }
}

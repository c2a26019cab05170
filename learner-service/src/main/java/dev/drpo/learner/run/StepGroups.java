package dev.drpo.learner.run;

import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import dev.drpo.learner.data.DataOrder;
import dev.drpo.learner.data.RenderedProblem;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.runtime.config.RunConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sends a step's prompts out and brings its groups in. Prompts go out at most {@code max-lag} steps
 * ahead of the policy they need, so that data is paced, never thrown away.
 */
final class StepGroups {
  private static final Logger LOG = Logger.getLogger(StepGroups.class);

  private final List<RenderedProblem> problems;
  private final DataOrder order;
  private final SamplingParameters sampling;
  private final int maxLag;
  private final long lastStep;
  private final PromptDispatcher dispatcher;
  private final GroupInbox inbox;
  private final SnapshotStore policies;
  private final NewestVersion newest;
  private final RunCounters counters;
  private final RunStatus status;
  private long nextToDispatch;

  StepGroups(
      RunConfig config,
      List<RenderedProblem> problems,
      PromptDispatcher dispatcher,
      GroupInbox inbox,
      SnapshotStore policies,
      NewestVersion newest,
      RunCounters counters,
      RunStatus status,
      long firstStep) {
    this.problems = problems;
    this.order =
        new DataOrder(config.run().seed(), problems.size(), config.training().promptsPerStep());
    this.sampling =
        SamplingParameters.newBuilder()
            .setTemperature(config.sampling().temperature())
            .setTopP(config.sampling().topP())
            .setGroupSize(config.sampling().groupSize())
            .setMaxResponseTokens(config.sampling().maxResponseTokens())
            .setSeed(config.run().seed())
            .build();
    this.maxLag = config.training().maxLag();
    this.lastStep = config.training().steps() - 1L;
    this.dispatcher = dispatcher;
    this.inbox = inbox;
    this.policies = policies;
    this.newest = newest;
    this.counters = counters;
    this.status = status;
    this.nextToDispatch = firstStep;
  }

  /** The version whose publication may still be under way. */
  interface NewestVersion {
    /** Returns once it is out. */
    void await() throws InterruptedException;
  }

  /** Publishes the prompts of a step and of as many later ones as the staleness bound allows. */
  void dispatchFrom(long step) throws InterruptedException {
    for (; nextToDispatch <= Math.min(step + maxLag, lastStep); nextToDispatch++) {
      List<PromptDispatcher.Task> missing =
          tasks(nextToDispatch).stream().filter(task -> !inbox.has(task.key())).toList();
      dispatcher.dispatch(missing, sampling);
      counters.dispatched += missing.size();
    }
    status.counters(counters);
  }

  /**
   * Waits for a step's groups, in the order of its problems. Groups that became dead letters are
   * left out; a group sampled by weights that this learner never published is refused and sent out
   * again.
   */
  List<TrainingGroup> collect(long step) throws InterruptedException {
    List<PromptDispatcher.Task> tasks = tasks(step);
    List<GroupKey> keys = tasks.stream().map(PromptDispatcher.Task::key).toList();
    while (true) {
      inbox.await(
          keys,
          done -> {
            status.phase(done, keys.size());
            status.counters(counters);
          });
      List<PromptDispatcher.Task> refused = ofUnknownPolicy(tasks);
      if (!refused.isEmpty()) {
        // A resumed learner finds groups in the log that are older than its own publication of the
        // same weights.
        newest.await();
        refused = ofUnknownPolicy(tasks);
      }
      if (refused.isEmpty()) {
        break;
      }
      LOG.warnf(
          "%d groups of step %d were sampled by weights that this learner never published; they are"
              + " sampled again",
          refused.size(), step);
      refused.forEach(task -> inbox.refuse(task.key()));
      dispatcher.dispatch(refused, sampling);
      counters.dispatched += refused.size();
    }
    List<TrainingGroup> groups = new ArrayList<>();
    for (PromptDispatcher.Task task : tasks) {
      inbox.get(task.key()).ifPresent(scored -> groups.add(group(task.problem(), scored)));
    }
    if (groups.isEmpty()) {
      throw new RunFailure(
          "every group of step "
              + step
              + " became a dead letter; read their reasons in the dead-letter topic, mend the cause"
              + " and resume");
    }
    return groups;
  }

  private List<PromptDispatcher.Task> tasks(long step) {
    long required = Math.max(0, step - maxLag);
    return Arrays.stream(order.problemsOf(step))
        .mapToObj(problems::get)
        .map(
            problem ->
                new PromptDispatcher.Task(
                    new GroupKey(Purpose.PURPOSE_TRAINING, step, problem.problem().id()),
                    problem,
                    required))
        .toList();
  }

  private List<PromptDispatcher.Task> ofUnknownPolicy(List<PromptDispatcher.Task> tasks) {
    return tasks.stream().filter(task -> !knownPolicy(task.key())).toList();
  }

  private boolean knownPolicy(GroupKey key) {
    return inbox
        .get(key)
        .map(
            scored ->
                scored.getGroup().getRolloutsList().stream()
                    .flatMap(rollout -> rollout.getVersionsList().stream())
                    .map(VersionSpan::getVersion)
                    .allMatch(policies::knows))
        .orElse(true);
  }

  private static TrainingGroup group(RenderedProblem problem, ScoredGroup scored) {
    List<TrainingGroup.Sample> samples = new ArrayList<>();
    for (int i = 0; i < scored.getVerdictsCount(); i++) {
      Rollout rollout = scored.getGroup().getRollouts(i);
      samples.add(
          new TrainingGroup.Sample(
              Ints.toArray(rollout.getTokensList()),
              Floats.toArray(rollout.getLogProbabilitiesList()),
              // A reward may be earned by more than the answer, so that it says nothing about it.
              scored.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL,
              scored.getVerdicts(i).getReward(),
              rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH,
              rollout.getVersionsList().stream()
                  .mapToLong(span -> span.getVersion().getStep())
                  .min()
                  .orElse(0)));
    }
    return new TrainingGroup(problem.problem().id(), problem.promptTokens(), samples);
  }
}

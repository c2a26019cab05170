package dev.drpo.learner.run;

import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.data.DataOrder;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.weights.PublishedVersions;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.problems.RenderedProblem;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import org.jboss.logging.Logger;

/**
 * Sends a step's prompts out and brings its groups in. Prompts go out at most {@code max-lag} steps
 * ahead of the policy they need, so that data is paced, never thrown away.
 */
final class StepGroups {
  private static final Logger LOG = Logger.getLogger(StepGroups.class);

  private final List<RenderedProblem> problems;
  private final DataOrder order;
  private final SamplingParameters sampling; // but for the budget, which is the step's
  private final LongToIntFunction responseBudget;
  private final int maxLag;
  private final int mostExtraGroups;
  private final long lastStep;
  private final PromptDispatcher dispatcher;
  private final GroupInbox inbox;
  private final TaskWatch watch;
  private final PublishedVersions versions;
  private final LongFunction<Signal> signal;
  private final TailTokens tails;
  private final GroupTraces traces;
  private final RunCounters counters;
  private final RunStatus status;
  private final long firstUncounted;
  private long nextToDispatch;

  /**
   * Starts with a step.
   *
   * @param problems to train on
   * @param versions of the policy, which groups must have been sampled by
   * @param signal what the objective needs of a step's group to learn from it
   * @param tails finds what right responses reason after the answer
   * @param traces is told which step learns from which groups
   */
  StepGroups(
      RunConfig config,
      List<RenderedProblem> problems,
      PromptDispatcher dispatcher,
      GroupInbox inbox,
      TaskWatch watch,
      PublishedVersions versions,
      LongFunction<Signal> signal,
      TailTokens tails,
      GroupTraces traces,
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
            .setSeed(config.run().seed())
            .build();
    this.responseBudget = config.sampling()::responseBudget;
    this.maxLag = config.training().maxLag();
    this.mostExtraGroups = config.training().mostExtraGroups();
    this.lastStep = config.training().steps() - 1L;
    this.dispatcher = dispatcher;
    this.inbox = inbox;
    this.watch = watch;
    this.versions = versions;
    this.signal = signal;
    this.tails = tails;
    this.traces = traces;
    this.counters = counters;
    this.status = status;
    // The tasks of earlier steps were sent, and counted, before the checkpoint.
    this.firstUncounted = firstStep == 0 ? 0 : firstStep + maxLag;
    this.nextToDispatch = firstStep;
  }

  /**
   * What a step learns from.
   *
   * @param groups in the order of the step's problems
   * @param extra further prompts that were sent out for groups without signal
   * @param refilled groups without signal whose place one of those took
   * @param times where they were meanwhile
   */
  record Collected(List<TrainingGroup> groups, int extra, int refilled, GroupTimes times) {}

  /**
   * Publishes the prompts of a step and of as many later ones as the staleness bound allows, once
   * the newest version is out: a replica takes a task whose weights were never announced for one
   * that an earlier life of this learner sent, and drops it. Does not wait for that.
   */
  void dispatchFrom(long step) {
    List<Due> due = new ArrayList<>();
    for (; nextToDispatch <= Math.min(step + maxLag, lastStep); nextToDispatch++) {
      List<PromptDispatcher.Task> tasks = tasks(nextToDispatch, order.problemsOf(nextToDispatch));
      List<PromptDispatcher.Task> missing = missing(tasks);
      if (!missing.isEmpty()) {
        due.add(new Due(missing, sampling(nextToDispatch)));
      }
      counters.dispatched(nextToDispatch < firstUncounted ? missing.size() : tasks.size());
    }
    if (!due.isEmpty()) {
      versions.onceOut(
          () -> {
            for (Due ofStep : due) {
              dispatcher.dispatch(ofStep.tasks(), ofStep.sampling());
            }
          });
    }
    status.counts(counters.counts());
  }

  /** Tasks of one step. */
  private record Due(List<PromptDispatcher.Task> tasks, SamplingParameters sampling) {}

  /** How responses of a step are sampled. */
  private SamplingParameters sampling(long step) {
    return sampling.toBuilder().setMaxResponseTokens(responseBudget.applyAsInt(step)).build();
  }

  /** The tasks whose groups an earlier process of the run has not brought in. */
  private List<PromptDispatcher.Task> missing(List<PromptDispatcher.Task> tasks) {
    return tasks.stream().filter(task -> !inbox.has(task.key())).toList();
  }

  /**
   * Waits for a step's groups, in the order of its problems. Groups that became dead letters are
   * left out; a group sampled by weights that this learner never published, or that are too old, is
   * refused and sent out again. Places of groups without signal are given to further groups, as far
   * as the configuration allows.
   */
  Collected collect(long step) throws InterruptedException {
    Places places =
        new Places(arrived(step, tasks(step, order.problemsOf(step)), 0), signal.apply(step));
    int extra = refill(step, places);
    counters.refilled(places.refilled());
    if (places.groups().isEmpty()) {
      throw new RunFailure(
          "every group of step "
              + step
              + " became a dead letter; read their reasons in the dead-letter topic, mend the cause"
              + " and resume");
    }
    traces.takenUp();
    return new Collected(places.groups(), extra, places.refilled(), times(step, places.groups()));
  }

  private static GroupKey key(long step, TrainingGroup group) {
    return new GroupKey(Purpose.PURPOSE_TRAINING, step, group.prompt());
  }

  private GroupTimes times(long step, List<TrainingGroup> groups) {
    return GroupTimes.of(
        groups.stream().flatMap(group -> inbox.get(key(step, group)).stream()).toList(),
        dispatcher.millis());
  }

  /**
   * Sends out as many further prompts as there are places without signal, again and again until
   * none is left. Which ones is a function of the step and of the groups that came before, so that
   * a resumed run asks for the same.
   *
   * @return how many were sent out
   */
  private int refill(long step, Places places) throws InterruptedException {
    if (mostExtraGroups == 0) {
      return 0;
    }
    int[] further = order.furtherProblemsOf(step, mostExtraGroups);
    int sent = 0;
    while (sent < further.length && places.withoutSignal() > 0) {
      int end = Math.min(further.length, sent + places.withoutSignal());
      List<PromptDispatcher.Task> tasks = tasks(step, Arrays.copyOfRange(further, sent, end));
      dispatcher.dispatch(missing(tasks), sampling(step));
      counters.dispatched(tasks.size());
      places.refill(arrived(step, tasks, order.problemsPerStep() + sent));
      sent = end;
    }
    if (places.withoutSignal() > 0) {
      LOG.warnf(
          "step %d goes on with %d of %d groups without signal, although %d further prompts were"
              + " sampled for them; training.most-extra-groups is %d",
          step + 1, places.withoutSignal(), order.problemsPerStep(), sent, mostExtraGroups);
    }
    return sent;
  }

  /**
   * Waits for the groups of some of a step's tasks; those of dead letters are empty.
   *
   * @param before groups of the step that have arrived already
   */
  private List<Optional<TrainingGroup>> arrived(
      long step, List<PromptDispatcher.Task> tasks, int before) throws InterruptedException {
    while (true) {
      watch.await(
          tasks,
          sampling(step),
          done -> {
            status.phase(before + done, before + tasks.size());
            status.counts(counters.counts());
          });
      List<PromptDispatcher.Task> refused = sampledByStrangers(tasks);
      if (!refused.isEmpty()) {
        // A resumed run may find groups of the very version that it is about to publish again.
        versions.await();
        refused = sampledByStrangers(refused);
      }
      if (refused.isEmpty()) {
        break;
      }
      LOG.warnf(
          "%d groups of step %d were sampled by weights that this learner never published, or that"
              + " are older than training.max-lag allows; they are sampled again",
          refused.size(), step);
      for (var task : refused) {
        inbox.refuse(task.key());
        traces.refused(task.key());
      }
      dispatcher.dispatch(refused, sampling(step));
      counters.dispatched(refused.size());
    }
    return tasks.stream()
        .map(task -> inbox.get(task.key()).map(scored -> group(task.problem(), scored)))
        .toList();
  }

  /** A step's groups as they arrived, with texts and verdicts, until it is finished. */
  List<ScoredGroup> scored(long step, List<TrainingGroup> collected) {
    return collected.stream().map(group -> inbox.get(key(step, group)).orElseThrow()).toList();
  }

  /** Takes note that a step was taken on its groups, which nobody needs any more. */
  void finish(long step, List<TrainingGroup> trained) {
    inbox.finishStep(step);
    traces.learned(step, trained.stream().map(group -> key(step, group)).toList());
    counters.trained(
        trained.size(), trained.stream().mapToLong(TrainingGroup::responseTokens).sum());
  }

  private List<PromptDispatcher.Task> tasks(long step, int[] indices) {
    long required = Math.max(0, step - maxLag);
    return Arrays.stream(indices)
        .mapToObj(problems::get)
        .map(
            problem ->
                new PromptDispatcher.Task(
                    new GroupKey(Purpose.PURPOSE_TRAINING, step, problem.problem().id()),
                    problem,
                    required))
        .toList();
  }

  private List<PromptDispatcher.Task> sampledByStrangers(List<PromptDispatcher.Task> tasks) {
    return tasks.stream().filter(task -> !knownPolicy(task.key())).toList();
  }

  private boolean knownPolicy(GroupKey key) {
    return inbox
        .get(key)
        .map(
            scored ->
                scored.getGroup().getRolloutsList().stream()
                    .flatMap(rollout -> rollout.getVersionsList().stream())
                    .allMatch(span -> isKnown(span) && isNewEnough(span, key.step())))
        .orElse(true);
  }

  private boolean isKnown(VersionSpan span) {
    return PolicyRecords.find(span.getVersion()).filter(versions::knows).isPresent();
  }

  private boolean isNewEnough(VersionSpan span, long step) {
    return span.getVersion().getStep() >= step - maxLag;
  }

  private TrainingGroup group(RenderedProblem problem, ScoredGroup scored) {
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
                  .map(span -> PolicyRecords.version(span.getVersion()))
                  .min(Comparator.comparingLong(PolicyVersion::step))
                  .orElseThrow(),
              tails.of(rollout, scored.getVerdicts(i))));
    }
    return new TrainingGroup(problem.problem().id(), problem.promptTokens(), samples);
  }
}

package dev.drpo.learner.service;

import dev.drpo.dashboard.Dashboard;
import dev.drpo.dashboard.LiveState;
import dev.drpo.dashboard.WatchedRun;
import dev.drpo.learner.run.RunStatus;
import dev.drpo.learner.run.Sightings;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.runtime.config.RunConfig;
import jakarta.inject.Singleton;
import java.util.List;

/** The page of this learner's run: the files of its folder, and what the learner itself knows. */
@Singleton
class LearnerPage {
  private static final long UNKNOWN = -1;

  private final RunStatus status;
  private final TopicLook topics;
  private final RunConfig configuration;
  private final Dashboard dashboard;

  LearnerPage(RunConfig configuration, RunStatus status, TopicLook topics) {
    this.configuration = configuration;
    this.status = status;
    this.topics = topics;
    this.dashboard = new Dashboard(List.of(WatchedRun.of(configuration, this::state)));
  }

  Dashboard dashboard() {
    return dashboard;
  }

  /** Whether the process is about to end, so that nobody is to wait for news of it. */
  boolean isOver() {
    return switch (status.snapshot().getState()) {
      case RUN_STATE_FAILED -> true;
      case RUN_STATE_COMPLETED -> configuration.learner().exitWhenComplete();
      default -> false;
    };
  }

  private LiveState state() {
    GetStatusResponse now = status.snapshot();
    TopicLook.Found found = topics.last();
    return new LiveState(
        words(now.getState()),
        now.getFailure(),
        now.getStepsDone(),
        now.getStepsTotal(),
        now.getPhaseGroupsDone(),
        now.getPhaseGroupsTotal(),
        now.getTokensPerSecond(),
        now.getSecondsLeft(),
        status.counts().groups(),
        status.sightings().replicas().stream()
            .map(replica -> replica(replica, now.getPolicy().getStep()))
            .toList(),
        found.topics(),
        found.obstacle(),
        status.sightings().letters().stream().map(LearnerPage::letter).toList());
  }

  private static LiveState.Replica replica(Sightings.Replica seen, long newest) {
    return new LiveState.Replica(
        seen.name(),
        seen.version(),
        Math.max(0, newest - seen.version()),
        seen.groups(),
        seen.tokensPerSecond(),
        seen.lastMillis());
  }

  private static LiveState.Letter letter(DeadLetter letter) {
    return new LiveState.Letter(
        letter.getService(),
        letter.getSourceTopic(),
        letter.getReason(),
        letter.hasId() ? shownStep(letter) : UNKNOWN,
        letter.getId().getPrompt());
  }

  /** Training steps count from 1 for people; evaluations are of a policy's step, from 0. */
  private static long shownStep(DeadLetter letter) {
    boolean evaluation = letter.getId().getPurpose() == Purpose.PURPOSE_EVALUATION;
    return letter.getId().getStep() + (evaluation ? 0 : 1);
  }

  private static String words(RunState state) {
    return switch (state) {
      case RUN_STATE_STARTING -> "starting";
      case RUN_STATE_EVALUATING_BEFORE -> "evaluating the starting policy";
      case RUN_STATE_TRAINING -> "training";
      case RUN_STATE_EVALUATING -> "evaluating";
      case RUN_STATE_EVALUATING_AFTER -> "evaluating the trained policy";
      case RUN_STATE_COMPLETED -> "completed";
      case RUN_STATE_FAILED -> "failed";
      case RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> "in a state that this version does not know";
    };
  }
}

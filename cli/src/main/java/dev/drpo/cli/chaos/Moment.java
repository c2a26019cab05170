package dev.drpo.cli.chaos;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a run is about when it is struck, as its learner tells it. */
enum Moment {
  /** Some groups of the starting policy's evaluation are there. */
  EVALUATING("while the starting policy is evaluated"),
  /** Some groups of a step are there. */
  WAITING("while a step waits for its groups"),
  /** The last group of a step has come. */
  LEARNING("when a step begins to learn"),
  /** A step is done, so that its weights go out. */
  PUBLISHING("when the weights of a step go out"),
  /** Everything is done. */
  ENDED("after the end");

  private final String description;

  Moment(String description) {
    this.description = description;
  }

  /** For a person. */
  String description() {
    return description;
  }

  /** The name that an option has for it. */
  String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The moment of a name.
   *
   * @throws UsageError if there is none
   */
  static Moment named(String name) {
    return Arrays.stream(values())
        .filter(moment -> moment.option().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageError(
                    "--lose-data is '%s'; it must be one or more of %s, with commas between"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Moment::option)
                                .collect(Collectors.joining(", ")))));
  }

  /**
   * Whether it has come.
   *
   * @param before what the learner said when it was asked before
   * @param now what it says now
   */
  boolean hasCome(GetStatusResponse before, GetStatusResponse now) {
    boolean trains = now.getState() == RunState.RUN_STATE_TRAINING;
    return switch (this) {
      case EVALUATING -> now.getState() == RunState.RUN_STATE_EVALUATING_BEFORE && isUnderWay(now);
      case WAITING -> trains && isUnderWay(now);
      case LEARNING ->
          trains
              && isUnderWay(before)
              && now.getPhaseGroupsDone() > 0
              && now.getPhaseGroupsDone() == now.getPhaseGroupsTotal();
      case PUBLISHING ->
          trains
              && before.getState() == now.getState()
              && now.getStepsDone() > before.getStepsDone();
      case ENDED -> now.getState() == RunState.RUN_STATE_COMPLETED;
    };
  }

  private static boolean isUnderWay(GetStatusResponse status) {
    return status.getPhaseGroupsDone() > 0
        && status.getPhaseGroupsDone() < status.getPhaseGroupsTotal();
  }
}

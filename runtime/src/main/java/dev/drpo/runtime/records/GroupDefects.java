package dev.drpo.runtime.records;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What makes a group useless to a learner. */
public final class GroupDefects {
  /** A certain token's log-probability may come out a little above 0. */
  private static final float ROUNDING = 1e-3f;

  private GroupDefects() {}

  /** The first defect of a group that {@code run} owns, as a sentence; empty if it has none. */
  public static Optional<String> find(RolloutGroup group, String run) {
    return identity(group.getId(), run)
        .or(() -> golds(group))
        .or(() -> completeness(group))
        .or(() -> rollouts(group));
  }

  /**
   * The first defect of a scored group that {@code run} owns, as a sentence; empty if it has none.
   * Whoever scores may be somebody else's program.
   */
  public static Optional<String> find(ScoredGroup scored, String run) {
    return identity(scored.getGroup().getId(), run)
        .or(() -> verdicts(scored))
        .or(() -> rollouts(scored.getGroup()));
  }

  private static Optional<String> verdicts(ScoredGroup scored) {
    int rollouts = scored.getGroup().getRolloutsCount();
    if (rollouts == 0) {
      return Optional.of("the group has no rollouts");
    }
    if (scored.getVerdictsCount() != rollouts) {
      return Optional.of(
          "the group has %d rollouts but %d verdicts"
              .formatted(rollouts, scored.getVerdictsCount()));
    }
    for (int i = 0; i < rollouts; i++) {
      if (!Double.isFinite(scored.getVerdicts(i).getReward())) {
        return Optional.of("verdict " + i + " has a reward that is not finite");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> identity(GroupId id, String run) {
    if (!id.getRun().equals(run)) {
      return Optional.of(
          "the group belongs to run '%s', but this is run '%s'".formatted(id.getRun(), run));
    }
    if (id.getPrompt().isEmpty()) {
      return Optional.of("the group's id names no prompt");
    }
    return switch (id.getPurpose()) {
      case PURPOSE_TRAINING, PURPOSE_EVALUATION -> Optional.empty();
      case PURPOSE_UNSPECIFIED, UNRECOGNIZED ->
          Optional.of("the group's purpose is neither training nor evaluation");
    };
  }

  private static Optional<String> golds(RolloutGroup group) {
    if (group.getGoldsCount() == 0) {
      return Optional.of("the group has no golds to judge by");
    }
    return group.getGoldsList().stream().anyMatch(String::isBlank)
        ? Optional.of("one of the group's golds is empty")
        : Optional.empty();
  }

  private static Optional<String> completeness(RolloutGroup group) {
    int rollouts = group.getRolloutsCount();
    if (rollouts == 0) {
      return Optional.of("the group has no rollouts");
    }
    int asked = group.getSampling().getGroupSize();
    return rollouts == asked
        ? Optional.empty()
        : Optional.of(
            "the group has %d rollouts, but %d were asked for".formatted(rollouts, asked));
  }

  private static Optional<String> rollouts(RolloutGroup group) {
    return IntStream.range(0, group.getRolloutsCount())
        .mapToObj(i -> rollout(group.getRollouts(i)).map(defect -> "rollout " + i + " " + defect))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Stream<Float> logProbabilities(Rollout rollout) {
    return Stream.concat(
        rollout.getLogProbabilitiesList().stream(),
        rollout.getSamplingLogProbabilitiesList().stream());
  }

  private static Optional<String> rollout(Rollout rollout) {
    int tokens = rollout.getTokensCount();
    if (tokens == 0) {
      return Optional.of("has no tokens");
    }
    if (tokens != rollout.getLogProbabilitiesCount()) {
      return Optional.of(
          "has %d tokens but %d log-probabilities"
              .formatted(tokens, rollout.getLogProbabilitiesCount()));
    }
    int ofSampling = rollout.getSamplingLogProbabilitiesCount();
    if (ofSampling != 0 && ofSampling != tokens) {
      return Optional.of(
          "has %d tokens but %d sampling log-probabilities".formatted(tokens, ofSampling));
    }
    if (!logProbabilities(rollout).allMatch(Float::isFinite)) {
      return Optional.of("has a log-probability that is not finite");
    }
    if (!logProbabilities(rollout).allMatch(value -> value <= ROUNDING)) {
      return Optional.of("has a log-probability above 0");
    }
    long versioned = rollout.getVersionsList().stream().mapToLong(VersionSpan::getTokens).sum();
    if (versioned != tokens) {
      return Optional.of("has %d tokens but policy versions for %d".formatted(tokens, versioned));
    }
    return switch (rollout.getFinishReason()) {
      case FINISH_REASON_STOP, FINISH_REASON_LENGTH -> Optional.empty();
      case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED -> Optional.of("has no finish reason");
    };
  }
}

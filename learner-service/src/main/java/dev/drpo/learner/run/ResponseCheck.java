package dev.drpo.learner.run;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.runtime.config.RunConfig;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Finds groups that are not what the run asked for, whatever they say of themselves: too few or too
 * many responses, too long ones, and tokens that the policy does not have.
 *
 * @param trainingResponses responses in a group to learn from
 * @param evaluationResponses responses in a group of an evaluation
 * @param trainingTokens most of a response to learn from, by its step
 * @param evaluationTokens most of a response of an evaluation
 * @param vocabularySize token ids are below it
 */
record ResponseCheck(
    int trainingResponses,
    int evaluationResponses,
    LongToIntFunction trainingTokens,
    int evaluationTokens,
    int vocabularySize) {

  static ResponseCheck of(RunConfig config, ModelConfig policy) {
    return new ResponseCheck(
        config.sampling().groupSize(),
        config.evaluation().samples(),
        config.sampling()::responseBudget,
        config.sampling().maxResponseTokens(),
        policy.vocabularySize());
  }

  /** What is wrong with a group's responses, as a sentence; empty if nothing is. */
  Optional<String> defect(RolloutGroup group) {
    boolean training = group.getId().getPurpose() == Purpose.PURPOSE_TRAINING;
    int asked = training ? trainingResponses : evaluationResponses;
    if (group.getRolloutsCount() != asked) {
      return Optional.of(
          "the group has %d rollouts, but the run asked for %d; replica '%s' must sample whole groups"
              .formatted(group.getRolloutsCount(), asked, group.getReplica()));
    }
    int mostTokens =
        training ? trainingTokens.applyAsInt(group.getId().getStep()) : evaluationTokens;
    for (int i = 0; i < group.getRolloutsCount(); i++) {
      Optional<String> defect = defect(group.getRollouts(i), mostTokens);
      if (defect.isPresent()) {
        return Optional.of(
            "rollout %d %s, as replica '%s' sampled it"
                .formatted(i, defect.get(), group.getReplica()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> defect(Rollout rollout, int mostTokens) {
    if (rollout.getTokensCount() > mostTokens) {
      return Optional.of(
          "has %d tokens, but the run asked for %d at most"
              .formatted(rollout.getTokensCount(), mostTokens));
    }
    return rollout.getTokensList().stream()
        .filter(token -> token < 0 || token >= vocabularySize)
        .findFirst()
        .map(
            token ->
                "has the token %d, but the policy has %d tokens".formatted(token, vocabularySize));
  }
}

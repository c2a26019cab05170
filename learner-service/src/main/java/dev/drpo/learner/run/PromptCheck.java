package dev.drpo.learner.run;

import com.google.common.primitives.Ints;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.RolloutGroup;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds groups whose responses go on from another prompt than the one that was sent out, so that
 * their log-probabilities are not those of what the learner would train on: a replica that
 * tokenizes by itself, with another tokenizer or chat template, makes such groups.
 */
final class PromptCheck {
  private record Identity(Purpose purpose, String prompt) {}

  private final Map<Identity, int[]> sentOut = new HashMap<>();

  private PromptCheck() {}

  /** Holds groups to the prompts of a run. */
  static PromptCheck of(RunInputs.Prompts prompts) {
    PromptCheck check = new PromptCheck();
    check.add(Purpose.PURPOSE_TRAINING, prompts.training());
    check.add(Purpose.PURPOSE_EVALUATION, prompts.evaluation());
    return check;
  }

  private void add(Purpose purpose, List<RenderedProblem> problems) {
    for (RenderedProblem problem : problems) {
      sentOut.put(new Identity(purpose, problem.problem().id()), problem.promptTokens());
    }
  }

  /** What is wrong with a group's prompt, as a sentence; empty if nothing is. */
  Optional<String> defect(RolloutGroup group) {
    int[] expected =
        sentOut.get(new Identity(group.getId().getPurpose(), group.getId().getPrompt()));
    if (expected == null) {
      return Optional.empty();
    }
    int[] prompt = Ints.toArray(group.getPromptTokensList());
    int difference = Arrays.mismatch(expected, prompt);
    return difference < 0
        ? Optional.empty()
        : Optional.of(
            "the group's prompt has %d tokens and differs at token %d from the %d tokens that the learner sent out; replica '%s' must sample from the tokens of its task"
                .formatted(prompt.length, difference, expected.length, group.getReplica()));
  }
}

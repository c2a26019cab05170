package dev.drpo.learner.run;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns scored groups of the contract into what is kept of them for people. */
final class SampleRecords {
  private static final String OUTCOME_PREFIX = "OUTCOME_";
  private static final String INSTRUCTIONS = "system";

  private SampleRecords() {}

  /**
   * A group with all its responses.
   *
   * @param step the first is 1
   * @param weights mean weight of each response's tokens
   */
  static SampleGroup group(long step, Problem problem, ScoredGroup scored, double[] weights) {
    List<SampleResponse> responses = new ArrayList<>();
    for (int i = 0; i < scored.getVerdictsCount(); i++) {
      responses.add(
          response(i, scored.getGroup().getRollouts(i), scored.getVerdicts(i), weights[i]));
    }
    return new SampleGroup(
        step,
        problem.id(),
        question(problem),
        scored.getGroup().getReplica(),
        scored.getGroup().getCreatedAtMillis(),
        scored.getGroup().getGoldsList(),
        responses.size(),
        (int) responses.stream().filter(SampleResponse::right).count(),
        responses);
  }

  private static SampleResponse response(
      int sample, Rollout rollout, Verdict verdict, double weight) {
    return new SampleResponse(
        sample,
        verdict.getOutcome() == Outcome.OUTCOME_EQUAL,
        outcome(verdict),
        verdict.getRule(),
        verdict.getReward(),
        verdict.getExtracted(),
        verdict.getNormalAnswer(),
        verdict.getNormalGold(),
        rollout.getTokensCount(),
        rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH,
        weight,
        rollout.getVersionsList().stream().map(span -> span.getVersion().getStep()).toList(),
        rollout.getText());
  }

  private static String outcome(Verdict verdict) {
    String name = verdict.getOutcome().name();
    return (name.startsWith(OUTCOME_PREFIX) ? name.substring(OUTCOME_PREFIX.length()) : name)
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ');
  }

  /** The conversation without the instructions, which all problems share. */
  private static String question(Problem problem) {
    return problem.messages().stream()
        .filter(message -> !message.role().equals(INSTRUCTIONS))
        .map(ChatMessage::content)
        .collect(Collectors.joining("\n\n"));
  }
}

package dev.drpo.cli.rollouts;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Groups as lines for people. */
final class GroupText {
  private static final String OUTCOME_PREFIX = "OUTCOME_";

  private final Function<List<Integer>, String> prompts;

  /**
   * @param prompts turns a prompt's tokens into text
   */
  GroupText(Function<List<Integer>, String> prompts) {
    this.prompts = prompts;
  }

  /** A group with some of its responses, each on a line and its text below. */
  List<String> lines(ScoredGroup scored, List<Integer> responses) {
    List<String> lines = new ArrayList<>();
    long right =
        scored.getVerdictsList().stream()
            .filter(verdict -> verdict.getOutcome() == Outcome.OUTCOME_EQUAL)
            .count();
    boolean training = scored.getGroup().getId().getPurpose() == Purpose.PURPOSE_TRAINING;
    lines.add(
        "%s %d, problem %s, by %s with policy %s: %s"
            .formatted(
                training ? "step" : "evaluation of policy",
                Selection.shownStep(scored.getGroup().getId()),
                scored.getGroup().getId().getPrompt(),
                scored.getGroup().getReplica(),
                versions(scored),
                isJudged(scored)
                    ? "%d of %d right".formatted(right, scored.getVerdictsCount())
                    : "not judged yet"));
    lines.add("  prompt: " + oneLine(prompts.apply(scored.getGroup().getPromptTokensList())));
    lines.add("  gold:   " + String.join(" | ", scored.getGroup().getGoldsList()));
    for (int i : responses) {
      lines.add(
          "  " + (i + 1) + ". " + verdict(scored.getVerdicts(i), scored.getGroup().getRollouts(i)));
      scored
          .getGroup()
          .getRollouts(i)
          .getText()
          .strip()
          .lines()
          .forEach(line -> lines.add("     " + line));
    }
    return lines;
  }

  private static boolean isJudged(ScoredGroup scored) {
    return scored.getVerdictsList().stream().allMatch(GroupText::isJudged);
  }

  private static boolean isJudged(Verdict verdict) {
    return verdict.getOutcome() != Outcome.OUTCOME_UNSPECIFIED;
  }

  private static String length(Rollout rollout) {
    return rollout.getTokensCount()
        + " tokens"
        + (rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH ? " (cut off)" : "");
  }

  private static String verdict(Verdict verdict, Rollout rollout) {
    if (!isJudged(verdict)) {
      return length(rollout);
    }
    boolean right = verdict.getOutcome() == Outcome.OUTCOME_EQUAL;
    return "%s, %s, rule %s, reward %s%s"
        .formatted(
            right ? "right" : "wrong: " + outcome(verdict),
            length(rollout),
            verdict.getRule().isEmpty() ? "none" : verdict.getRule(),
            String.format(Locale.ROOT, "%.3g", verdict.getReward()),
            verdict.getExtracted().isEmpty() ? "" : ", answer " + oneLine(verdict.getExtracted()));
  }

  /** An outcome in words. */
  static String outcome(Verdict verdict) {
    String name = verdict.getOutcome().name();
    return (name.startsWith(OUTCOME_PREFIX) ? name.substring(OUTCOME_PREFIX.length()) : name)
        .toLowerCase(Locale.ROOT)
        .replace('_', ' ');
  }

  private static String versions(ScoredGroup scored) {
    List<Long> steps =
        scored.getGroup().getRolloutsList().stream()
            .flatMap(rollout -> rollout.getVersionsList().stream())
            .map(span -> span.getVersion().getStep())
            .distinct()
            .sorted()
            .toList();
    return steps.size() == 1
        ? String.valueOf(steps.getFirst())
        : steps.isEmpty() ? "unknown" : steps.getFirst() + " to " + steps.getLast();
  }

  /** A record that could not be worked on. */
  static String line(DeadLetter letter) {
    return "dead letter of %s, from %s@%d%s: %s"
        .formatted(
            letter.getService(),
            letter.getSourceTopic(),
            letter.getSourceOffset(),
            letter.hasId()
                ? ", step %d, problem %s"
                    .formatted(Selection.shownStep(letter.getId()), letter.getId().getPrompt())
                : "",
            letter.getReason());
  }

  static String oneLine(String text) {
    return text.strip().replace("\n", "\\n");
  }
}

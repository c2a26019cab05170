package dev.drpo.cli.rollouts;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the scored groups of one step come to. A group counts once, the first of its identity. */
final class StepStats {
  private static final String ROW = "%6s %7s %9s %9s %9s %9s %8s  %-12s %s";

  private final long step;
  private final Set<String> prompts = new HashSet<>();
  private final SortedMap<String, Integer> rules = new TreeMap<>();
  private final SortedSet<Long> versions = new TreeSet<>();
  private final SortedMap<String, Long> replicas = new TreeMap<>();
  private int again;
  private int responses;
  private int right;
  private int cutOff;
  private long rightTokens;
  private long wrongTokens;

  private StepStats(long step) {
    this.step = step;
  }

  /** The steps of some groups, in their order. */
  static List<StepStats> of(List<ScoredGroup> groups) {
    SortedMap<Long, StepStats> steps = new TreeMap<>();
    for (ScoredGroup group : groups) {
      steps
          .computeIfAbsent(Selection.shownStep(group.getGroup().getId()), StepStats::new)
          .add(group);
    }
    return List.copyOf(steps.values());
  }

  private void add(ScoredGroup group) {
    if (!prompts.add(group.getGroup().getId().getPrompt())) {
      again++;
      return;
    }
    for (int i = 0; i < group.getVerdictsCount(); i++) {
      add(group.getVerdicts(i), group.getGroup().getRollouts(i));
    }
    long tokens =
        group.getGroup().getRolloutsList().stream().mapToLong(Rollout::getTokensCount).sum();
    replicas.merge(group.getGroup().getReplica(), tokens, Long::sum);
  }

  private void add(Verdict verdict, Rollout rollout) {
    responses++;
    if (verdict.getOutcome() == Outcome.OUTCOME_EQUAL) {
      right++;
      rightTokens += rollout.getTokensCount();
    } else {
      wrongTokens += rollout.getTokensCount();
    }
    cutOff += rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH ? 1 : 0;
    rules.merge(verdict.getRule().isEmpty() ? "none" : verdict.getRule(), 1, Integer::sum);
    for (VersionSpan span : rollout.getVersionsList()) {
      versions.add(span.getVersion().getStep());
    }
  }

  long step() {
    return step;
  }

  int groups() {
    return prompts.size();
  }

  /** Groups that came once more. */
  int again() {
    return again;
  }

  int responses() {
    return responses;
  }

  int cutOff() {
    return cutOff;
  }

  /** NaN where there is no response. */
  double accuracy() {
    return (double) right / responses;
  }

  /** Mean tokens of right responses; NaN where there is none. */
  double rightLength() {
    return (double) rightTokens / right;
  }

  /** Mean tokens of wrong responses; NaN where there is none. */
  double wrongLength() {
    return (double) wrongTokens / (responses - right);
  }

  /** Responses by the rule that decided. */
  SortedMap<String, Integer> rules() {
    return rules;
  }

  /** Steps of the policies that sampled. */
  SortedSet<Long> versions() {
    return versions;
  }

  /** Response tokens by the replica that sampled them. */
  SortedMap<String, Long> replicas() {
    return replicas;
  }

  /** Who sampled how much of all steps, as lines for people; none where there is one replica. */
  static List<String> shares(List<StepStats> steps) {
    SortedMap<String, Long> tokens = new TreeMap<>();
    steps.forEach(step -> step.replicas.forEach((name, n) -> tokens.merge(name, n, Long::sum)));
    if (tokens.size() < 2) {
      return List.of();
    }
    long all = tokens.values().stream().mapToLong(Long::longValue).sum();
    List<String> lines = new ArrayList<>(List.of("sampled by:"));
    tokens.forEach(
        (name, n) ->
            lines.add(
                String.format(
                    Locale.ROOT, "  %-16s %,12d tokens %5.1f%%", name, n, 100.0 * n / all)));
    return lines;
  }

  /** Steps as lines for people, under a headline. */
  static List<String> table(List<StepStats> steps) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted(
            "step",
            "groups",
            "responses",
            "accuracy",
            "length +",
            "length -",
            "cut off",
            "policies",
            "verdicts by rule"));
    for (StepStats step : steps) {
      List<String> rules = new ArrayList<>();
      step.rules.forEach((rule, count) -> rules.add(rule + " " + count));
      lines.add(
          ROW.formatted(
                  step.step,
                  step.groups(),
                  step.responses,
                  number("%.3f", step.accuracy()),
                  number("%.1f", step.rightLength()),
                  number("%.1f", step.wrongLength()),
                  step.cutOff,
                  step.versions.isEmpty()
                      ? ""
                      : step.versions.first().equals(step.versions.last())
                          ? step.versions.first()
                          : step.versions.first() + " to " + step.versions.last(),
                  String.join(", ", rules))
              .stripTrailing());
    }
    return lines;
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}

package dev.drpo.cli.chaos;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.runtime.records.GroupsDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds what a run's topics have held against what its learner says that it has learned from. The
 * digest of a step's groups is made here anew, from the scored log; that it is the learner's proves
 * that the step learned from these groups, each once, and from no other.
 */
final class Audit {
  private final Evidence evidence;
  private final RunFiles files;
  private final int steps;
  private final int promptsPerStep;
  private final List<String> violations = new ArrayList<>();

  /**
   * What was found.
   *
   * @param dispatched training groups, each counted once however often it was sent out
   * @param trained of these, once
   * @param again records of tasks, groups and scores beyond the first of each group
   * @param unread records that were removed before they could be read. A group whose only record is
   *     among them is a violation; a further one, which nobody has learned from, is not
   * @param violations what must not be; empty for a run that is as it should be
   */
  record Result(
      int dispatched,
      int trained,
      int again,
      int deadLetters,
      long unread,
      List<String> violations) {
    Result {
      violations = List.copyOf(violations);
    }

    /** Dispatched groups that no step has provably learned from. */
    int lost() {
      return dispatched - trained;
    }
  }

  /**
   * An audit of a finished run.
   *
   * @param steps that it was to take
   * @param promptsPerStep groups of each
   */
  Audit(Evidence evidence, RunFiles files, int steps, int promptsPerStep) {
    this.evidence = evidence;
    this.files = files;
    this.steps = steps;
    this.promptsPerStep = promptsPerStep;
  }

  /** Looks into everything. */
  Result result() {
    requireEverythingReadable();
    requireOneSetOfWeightsPerVersion();
    requireReasons();
    requireSameContentOfDuplicates();
    requireEvaluationsBack();
    requireStepsInOrder();
    int trained = trainedGroups();
    if (files.trained() != (long) steps * promptsPerStep) {
      violations.add(
          "the report counts %d trained groups; %d steps of %d have %d"
              .formatted(files.trained(), steps, promptsPerStep, steps * promptsPerStep));
    }
    return new Result(
        evidence.training().size(),
        trained,
        again(),
        evidence.deadLetters().size(),
        evidence.removed(),
        violations);
  }

  private void requireEverythingReadable() {
    if (evidence.unreadable() > 0) {
      violations.add("%d records can't be parsed".formatted(evidence.unreadable()));
    }
  }

  /** A learner that resumed makes the same weights again, or it is another run. */
  private void requireOneSetOfWeightsPerVersion() {
    Map<Long, String> digests = new TreeMap<>();
    for (Evidence.Version version : evidence.announced()) {
      if (digests.putIfAbsent(version.step(), version.digest()) != null) {
        violations.add("version %d was published with two digests".formatted(version.step()));
      }
    }
  }

  private void requireReasons() {
    for (DeadLetter letter : evidence.deadLetters()) {
      if (letter.getReason().isBlank() || letter.getOriginalValue().isEmpty()) {
        violations.add(
            "the dead letter from %s@%d lacks its reason or its record"
                .formatted(letter.getSourceTopic(), letter.getSourceOffset()));
      }
    }
  }

  /**
   * A sample is a function of the weights, the seed and its place, whoever draws it. A task that is
   * delivered again after its step may be sampled with later weights, for nobody to learn from.
   */
  private void requireSameContentOfDuplicates() {
    evidence
        .training()
        .forEach((identity, group) -> requireSameContent(identity.toString(), group));
    evidence
        .evaluation()
        .forEach((identity, group) -> requireSameContent(evaluated(identity), group));
  }

  private void requireEvaluationsBack() {
    evidence
        .evaluation()
        .forEach(
            (identity, group) -> {
              if (group.scored().isEmpty()) {
                violations.add(evaluated(identity) + " was sent out and never came back");
              }
            });
  }

  private static String evaluated(Evidence.Identity identity) {
    return "%s of the evaluation of policy %d".formatted(identity.prompt(), identity.step());
  }

  private void requireSameContent(String name, Evidence.Group group) {
    Map<Set<Evidence.Version>, Set<String>> contents = new HashMap<>();
    for (Evidence.Scored scored : group.scored()) {
      contents.computeIfAbsent(scored.versions(), _ -> new HashSet<>()).add(scored.digest());
    }
    if (contents.values().stream().anyMatch(digests -> digests.size() > 1)) {
      violations.add(
          "%s was sampled %d times, and differently with the same weights"
              .formatted(name, group.scored().size()));
    }
  }

  private void requireStepsInOrder() {
    List<Long> numbers = files.steps().stream().map(RunFiles.Step::number).toList();
    for (int i = 0; i < Math.max(steps, numbers.size()); i++) {
      if (i >= numbers.size() || numbers.get(i) != i + 1) {
        violations.add(
            "the metrics have steps %s, not each of 1 to %d once".formatted(numbers, steps));
        return;
      }
    }
  }

  private int trainedGroups() {
    SortedMap<Long, List<Evidence.Identity>> byStep = new TreeMap<>();
    evidence
        .training()
        .keySet()
        .forEach(
            identity ->
                byStep.computeIfAbsent(identity.step(), _ -> new ArrayList<>()).add(identity));
    Set<Long> unknown = new HashSet<>(byStep.keySet());
    int trained = 0;
    for (RunFiles.Step step : files.steps()) {
      long index = step.number() - 1;
      unknown.remove(index);
      trained += trainedGroups(step, byStep.getOrDefault(index, List.of()));
    }
    unknown.forEach(
        step ->
            violations.add(
                "%d groups were sent out for step %d, which was never taken"
                    .formatted(byStep.get(step).size(), step + 1)));
    return trained;
  }

  /** How many groups a step has learned from, once each: all of them or, for all we know, none. */
  private int trainedGroups(RunFiles.Step step, List<Evidence.Identity> dispatched) {
    if (dispatched.size() != promptsPerStep) {
      violations.add(
          "%d groups were sent out for step %d, not %d"
              .formatted(dispatched.size(), step.number(), promptsPerStep));
    }
    GroupsDigest digest = new GroupsDigest();
    int scored = 0;
    for (Evidence.Identity identity : dispatched) {
      Optional<Evidence.Scored> first = firstOfKnownWeights(identity);
      if (first.isEmpty()) {
        violations.add("%s was sent out and never came back".formatted(identity));
        continue;
      }
      digest.add(identity.prompt(), first.get().responses());
      scored++;
    }
    if (!digest.hex().equals(step.groupsDigest())) {
      violations.add(
          "step %d did not learn from the %d groups that came back for it, each once: its digest is %s, theirs %s"
              .formatted(
                  step.number(), scored, shortened(step.groupsDigest()), shortened(digest.hex())));
      return 0;
    }
    return scored;
  }

  private Optional<Evidence.Scored> firstOfKnownWeights(Evidence.Identity identity) {
    return evidence.training().get(identity).scored().stream()
        .filter(scored -> evidence.announced().containsAll(scored.versions()))
        .findFirst();
  }

  private int again() {
    return evidence.training().values().stream()
        .mapToInt(
            group ->
                Math.max(0, group.dispatched() - 1)
                    + Math.max(0, group.sampled() - 1)
                    + Math.max(0, group.scored().size() - 1))
        .sum();
  }

  static String shortened(String digest) {
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }
}

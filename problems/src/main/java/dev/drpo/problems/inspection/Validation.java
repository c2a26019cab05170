package dev.drpo.problems.inspection;

import dev.drpo.judge.Judge;
import dev.drpo.judge.Side;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.Duplicates;
import dev.drpo.problems.curation.LeftOut;
import dev.drpo.problems.curation.LeftOut.Reason;
import dev.drpo.problems.curation.ProblemFilter;
import dev.drpo.problems.curation.ProblemText;
import dev.drpo.problems.inspection.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for what would cost a run samples without being an error of the file. */
public final class Validation {
  private static final Limits LIMITS = Limits.DEFAULT;

  private final Judge judge = new Judge(LIMITS);
  private final Duplicates duplicates = new Duplicates(new ProblemText(List.of()));
  private final Optional<ProblemFilter> promptLimit;
  private final List<Finding> findings = new ArrayList<>();

  private Validation(Optional<ProblemFilter> promptLimit) {
    this.promptLimit = promptLimit;
  }

  /**
   * Everything that is found, by problem.
   *
   * @param promptLimit which prompts are too long, where a policy is at hand
   */
  public static List<Finding> of(List<Problem> problems, Optional<ProblemFilter> promptLimit) {
    Validation validation = new Validation(promptLimit);
    problems.forEach(validation::look);
    return List.copyOf(validation.findings);
  }

  private void look(Problem problem) {
    problem.golds().forEach(gold -> lookAt(problem, gold));
    duplicates.check(problem).ifPresent(this::add);
    promptLimit.flatMap(limit -> limit.check(problem)).ifPresent(this::add);
  }

  private void lookAt(Problem problem, String gold) {
    switch (judge.read(gold)) {
      case Side.Read _ -> {
        if (judge.compare(gold, gold, Conventions.DEFAULT) instanceof Verdict.InvalidGold) {
          add(Kind.GOLD_WITHOUT_VALUE, problem, gold + " has no value");
        }
      }
      case Side.Blank _ -> add(Kind.GOLD_WITHOUT_VALUE, problem, "'" + gold + "' shows nothing");
      case Side.Outside(String text, String found) ->
          add(Kind.UNREADABLE_GOLD, problem, text + " can't be read: " + found);
      case Side.Refused(String _, Rule limit) when limit == Rule.ANSWER_SIZE_LIMIT ->
          add(
              Kind.GOLD_TOO_LONG,
              problem,
              "%,d characters; the judge reads at most %,d"
                  .formatted(gold.length(), LIMITS.answerCharacters()));
      case Side.Refused(String text, Rule limit) ->
          add(Kind.UNREADABLE_GOLD, problem, text + " is refused by the " + limit.id());
    }
  }

  private void add(Kind kind, Problem problem, String detail) {
    findings.add(new Finding(kind, problem.id(), detail));
  }

  private void add(LeftOut what) {
    findings.add(new Finding(kind(what.reason()), what.id(), what.detail()));
  }

  private static Kind kind(Reason reason) {
    return switch (reason) {
      case DUPLICATE -> Kind.DUPLICATE;
      case DUPLICATE_WITH_OTHER_GOLD -> Kind.DUPLICATE_WITH_OTHER_GOLD;
      case PROMPT_TOO_LONG -> Kind.PROMPT_TOO_LONG;
      case PROMPT_REFUSED -> Kind.PROMPT_REFUSED;
      default -> throw new IllegalArgumentException(reason + " is no finding");
    };
  }
}

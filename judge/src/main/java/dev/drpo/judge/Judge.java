package dev.drpo.judge;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.comparison.Comparison;
import dev.drpo.judge.comparison.Decision;
import dev.drpo.judge.comparison.NormalForm;
import dev.drpo.judge.comparison.Trace;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Appearance;
import dev.drpo.judge.syntax.Reader;
import dev.drpo.judge.syntax.Unreadable;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges responses against golds. A verdict is a function of its inputs and the limits alone; no
 * input makes judging throw, hang or exceed its limits. Safe for use by many threads.
 */
public final class Judge {
  /**
   * Raised whenever any verdict may come out otherwise, so that accuracies are compared only if
   * they were judged alike. A program's version says less: most releases judge as the one before.
   */
  public static final String VERSION = "2";

  /** Normal forms are for people: their cost must not decide a verdict. */
  private static final long NORMAL_FORM_STEPS = 20_000;

  private final Limits limits;

  public Judge(Limits limits) {
    this.limits = limits;
  }

  /**
   * Judges the answer that a response boxes. Any gold that it equals makes it right; else the gold
   * that leaves most doubt decides, so that an unreadable gold is never taken for a wrong answer.
   *
   * @param response the whole response, reasoning included
   * @param golds the right answers, none of them blank
   */
  public Verdict judge(String response, List<String> golds, Conventions conventions) {
    Budget budget = new Budget(limits.steps());
    if (response.length() > limits.responseCharacters()) {
      return new Verdict.BudgetExceeded(
          new Verdict.Evidence(Rule.RESPONSE_SIZE_LIMIT, "", "", "", 0));
    }
    try {
      // A step is worth several characters of a plain scan.
      budget.spend(response.length() / Byte.SIZE);
    } catch (LimitExceeded exceeded) {
      return new Verdict.BudgetExceeded(
          new Verdict.Evidence(Rule.STEP_LIMIT, "", "", "", budget.used()));
    }
    Optional<Rule> defect = defect(golds);
    if (defect.isPresent()) {
      return new Verdict.InvalidGold(new Verdict.Evidence(defect.get(), "", "", "", budget.used()));
    }
    return switch (AnswerExtraction.find(response, conventions)) {
      case Extraction.Missing(Rule rule) ->
          new Verdict.NoAnswer(new Verdict.Evidence(rule, "", "", "", budget.used()));
      case Extraction.Found(String answer) ->
          againstAll(golds, answer, conventions, budget, Trace.NONE);
    };
  }

  /**
   * Finds what a response still reasons after it has stated a gold as a result: behind an equals
   * sign at the end of a statement, or as a whole line. A value that has more to be computed than
   * the gold, such as {@code 2 + 3} for 5, is not yet the result. Whether the value stands there as
   * the answer, or an intermediate result happens to be the same, nobody can tell.
   *
   * @param response one that {@link #judge} found right
   * @return empty if reasoning does not end, states no gold, or has nothing behind it; also if
   *     looking for it would cost more than a verdict may
   */
  public Optional<ReasoningTail> tail(
      String response, List<String> golds, Conventions conventions) {
    int end = Reasoning.lastEnd(response);
    if (end < 0 || response.length() > limits.responseCharacters() || defect(golds).isPresent()) {
      return Optional.empty();
    }
    long operations = golds.stream().mapToLong(Operations::in).max().orElseThrow();
    Budget budget = new Budget(limits.steps());
    for (Statements.Result result : Statements.in(response, end)) {
      if (Operations.in(result.value()) > operations) {
        continue;
      }
      Verdict verdict = againstAll(golds, result.value(), conventions, budget, Trace.NONE);
      if (verdict instanceof Verdict.Equal) {
        return response.substring(result.behind(), end).isBlank()
            ? Optional.empty()
            : Optional.of(new ReasoningTail(result.behind(), end));
      }
      if (verdict.evidence().rule() == Rule.STEP_LIMIT) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Compares a bare answer with one gold: no box, no reasoning. */
  public Verdict compare(String gold, String answer, Conventions conventions) {
    return compare(List.of(gold), answer, conventions);
  }

  /** Compares a bare answer with several golds, as {@link #judge} does. */
  public Verdict compare(List<String> golds, String answer, Conventions conventions) {
    return againstAll(golds, answer, conventions, new Budget(limits.steps()), Trace.NONE);
  }

  /** Compares as {@link #compare(String, String, Conventions)} does, and tells how. */
  public Explanation explain(String gold, String answer, Conventions conventions) {
    List<Explanation.Step> steps = new ArrayList<>();
    Verdict verdict =
        againstAll(
            List.of(gold),
            answer,
            conventions,
            new Budget(limits.steps()),
            (subject, finding) -> steps.add(new Explanation.Step(subject, finding.get())));
    return new Explanation(verdict, steps);
  }

  /** What a text says as a gold or an answer, before anything is compared with it. */
  public Side read(String text) {
    return read(text, new Budget(limits.steps()));
  }

  private Verdict againstAll(
      List<String> golds, String written, Conventions conventions, Budget budget, Trace trace) {
    // A verdict quotes no more than it would read, so that a group's verdicts stay small.
    String extracted = beginning(written);
    Optional<Rule> defect = defect(golds);
    if (defect.isPresent()) {
      return new Verdict.InvalidGold(
          new Verdict.Evidence(defect.get(), extracted, "", "", budget.used()));
    }
    Side answer = read(written, budget);
    Verdict mostDoubtful = null;
    for (String text : golds) {
      Side gold = read(text, budget);
      Verdict verdict = new Case(gold, answer, extracted, conventions, budget, trace).decide();
      if (verdict instanceof Verdict.Equal) {
        return verdict;
      }
      if (mostDoubtful == null || doubt(verdict) > doubt(mostDoubtful)) {
        mostDoubtful = verdict;
      }
    }
    return mostDoubtful;
  }

  /** What is wrong with the golds at first sight: the caller's error, whatever the answer is. */
  private static Optional<Rule> defect(List<String> golds) {
    if (golds.isEmpty()) {
      return Optional.of(Rule.NO_GOLD);
    }
    return golds.stream().anyMatch(String::isBlank)
        ? Optional.of(Rule.EMPTY_GOLD)
        : Optional.empty();
  }

  /** How much a verdict leaves open about the answer; orders the verdicts of several golds. */
  private static int doubt(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Equal equal -> 0;
      case Verdict.NotEqual notEqual -> 1;
      case Verdict.NoAnswer noAnswer -> 2;
      case Verdict.Unparseable unparseable -> 3;
      case Verdict.BudgetExceeded exceeded -> 4;
      case Verdict.InvalidGold invalid -> 5;
    };
  }

  private String beginning(String text) {
    return text.substring(0, Math.min(text.length(), limits.answerCharacters()));
  }

  private Side read(String text, Budget budget) {
    if (text.length() > limits.answerCharacters()) {
      return new Side.Refused(beginning(text), Rule.ANSWER_SIZE_LIMIT);
    }
    String normalised = AnswerText.normalised(text);
    if (normalised.isEmpty()) {
      return new Side.Blank(normalised);
    }
    try {
      return new Side.Read(normalised, new Reader(limits, budget).read(normalised));
    } catch (Unreadable unreadable) {
      return new Side.Outside(normalised, unreadable.getMessage());
    } catch (LimitExceeded exceeded) {
      return new Side.Refused(normalised, Rule.of(exceeded.limit()));
    }
  }

  /** One gold against the answer. */
  private final class Case {
    private final Side gold;
    private final Side answer;
    private final String extracted;
    private final Conventions conventions;
    private final Budget budget;
    private final Trace trace;

    Case(
        Side gold,
        Side answer,
        String extracted,
        Conventions conventions,
        Budget budget,
        Trace trace) {
      this.gold = gold;
      this.answer = answer;
      this.extracted = extracted;
      this.conventions = conventions;
      this.budget = budget;
      this.trace = trace;
    }

    Verdict decide() {
      note("gold", gold);
      note("answer", answer);
      return switch (gold) {
        case Side.Blank blank -> new Verdict.InvalidGold(because(Rule.EMPTY_GOLD));
        case Side.Refused(String text, Rule limit) when !isSameText() ->
            new Verdict.BudgetExceeded(because(limit));
        case Side.Outside outside when !isSameText() ->
            answer instanceof Side.Refused(String text, Rule limit)
                ? new Verdict.BudgetExceeded(because(limit))
                : new Verdict.Unparseable(because(Rule.UNPARSEABLE_GOLD));
        case Side.Outside outside -> new Verdict.Equal(because(Rule.IDENTICAL_TEXT));
        case Side.Refused refused -> new Verdict.Equal(because(Rule.IDENTICAL_TEXT));
        case Side.Read known -> against(known);
      };
    }

    /** Texts that were cut short are never taken for the same. */
    private boolean isSameText() {
      if (gold instanceof Side.Outside(String left, String _)
          && answer instanceof Side.Outside(String right, String _)) {
        return AnswerText.compact(left).equals(AnswerText.compact(right))
            || Appearance.areAlike(left, right, limits);
      }
      return gold.text().equals(answer.text())
          && !(gold instanceof Side.Refused(String text, Rule limit)
              && limit == Rule.ANSWER_SIZE_LIMIT);
    }

    private Verdict against(Side.Read known) {
      return switch (answer) {
        case Side.Blank blank -> new Verdict.NoAnswer(because(Rule.EMPTY_BOX));
        case Side.Refused(String text, Rule limit) -> new Verdict.BudgetExceeded(because(limit));
        case Side.Outside outside -> new Verdict.Unparseable(because(Rule.UNPARSEABLE_ANSWER));
        case Side.Read given -> compared(known, given);
      };
    }

    private Verdict compared(Side.Read known, Side.Read given) {
      try {
        Decision decision = decision(known, given);
        trace.note("comparison", () -> decision.outcome() + " by " + decision.rule().id());
        return switch (decision.outcome()) {
          case EQUAL ->
              new Verdict.Equal(because(isSameText() ? Rule.IDENTICAL_TEXT : decision.rule()));
          case DIFFERENT ->
              isIdentical(known, given) && mayBeIdentical(decision.rule())
                  ? new Verdict.Equal(because(Rule.IDENTICAL_TEXT))
                  : new Verdict.NotEqual(because(decision.rule()));
          case GOLD_UNDEFINED -> new Verdict.InvalidGold(because(decision.rule()));
          case UNDECIDED ->
              isIdentical(known, given)
                  ? new Verdict.Equal(because(Rule.IDENTICAL_TEXT))
                  : new Verdict.BudgetExceeded(because(decision.rule()));
        };
      } catch (LimitExceeded exceeded) {
        return isIdentical(known, given)
            ? new Verdict.Equal(because(Rule.IDENTICAL_TEXT))
            : new Verdict.BudgetExceeded(because(Rule.of(exceeded.limit())));
      }
    }

    /** Whether both say the same in the same way, spaces and style aside. */
    private boolean isIdentical(Side.Read known, Side.Read given) {
      return isSameText() || known.answer().equals(given.answer());
    }

    /** Whether a rule that tells two answers apart doesn't forbid either of them by itself. */
    private static boolean mayBeIdentical(Rule rule) {
      return rule != Rule.UNREDUCED_FRACTION && rule != Rule.UNDEFINED_VALUE;
    }

    private Decision decision(Side.Read known, Side.Read given) {
      long seed = (long) known.text().hashCode() + given.text().hashCode();
      Comparison comparison =
          new Comparison(
              conventions, new Identity(limits, budget, seed), budget, normalForm(), trace);
      return comparison.decide(known.answer(), given.answer());
    }

    private Verdict.Evidence because(Rule rule) {
      return new Verdict.Evidence(
          rule, extracted, normalForm(gold), normalForm(answer), budget.used());
    }

    private void note(String subject, Side side) {
      trace.note(
          subject,
          () ->
              switch (side) {
                case Side.Read read -> "reads as " + normalForm(read);
                case Side.Blank blank -> "is empty";
                case Side.Outside(String text, String found) -> "can't be read: " + found;
                case Side.Refused(String text, Rule limit) -> "is refused by the " + limit.id();
              });
    }

    /** Pays from a budget of its own. */
    private NormalForm normalForm() {
      return new NormalForm(new Identity(limits, new Budget(NORMAL_FORM_STEPS), 0));
    }

    private String normalForm(Side side) {
      if (!(side instanceof Side.Read(String text, Answer read))) {
        return side.text();
      }
      try {
        return normalForm().of(read);
      } catch (LimitExceeded exceeded) {
        return text;
      }
    }
  }
}

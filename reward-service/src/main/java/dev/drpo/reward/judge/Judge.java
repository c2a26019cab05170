package dev.drpo.reward.judge;

import dev.drpo.reward.judge.Reading.Blank;
import dev.drpo.reward.judge.Reading.Outside;
import dev.drpo.reward.judge.Reading.Refused;
import dev.drpo.reward.judge.Reading.Undefined;
import dev.drpo.reward.judge.Reading.Understood;
import dev.drpo.reward.judge.Verdict.BudgetExceeded;
import dev.drpo.reward.judge.Verdict.Equal;
import dev.drpo.reward.judge.Verdict.Evidence;
import dev.drpo.reward.judge.Verdict.InvalidGold;
import dev.drpo.reward.judge.Verdict.NoAnswer;
import dev.drpo.reward.judge.Verdict.NotEqual;
import dev.drpo.reward.judge.Verdict.Unparseable;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.limit.Limits;
import java.util.List;
import java.util.Optional;

/**
 * Judges responses against golds. A verdict is a function of its inputs and the limits alone; no
 * input makes judging throw, hang or exceed its limits. Safe for use by many threads.
 */
public final class Judge {
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
  public Verdict judge(String response, List<String> golds, Policies policies) {
    Budget budget = new Budget(limits.steps());
    if (response.length() > limits.responseCharacters()) {
      return new BudgetExceeded(new Evidence(Rule.RESPONSE_SIZE_LIMIT, "", "", "", 0));
    }
    try {
      budget.spend(response.length());
    } catch (LimitExceeded exceeded) {
      return new BudgetExceeded(new Evidence(Rule.STEP_LIMIT, "", "", "", budget.used()));
    }
    return switch (AnswerExtraction.find(response, policies)) {
      case Extraction.Missing(Rule rule) ->
          new NoAnswer(new Evidence(rule, "", "", "", budget.used()));
      case Extraction.Found(String answer) -> againstAll(golds, answer, policies, budget);
    };
  }

  /** Compares a bare answer with one gold: no box, no reasoning. */
  public Verdict compare(String gold, String answer, Policies policies) {
    return againstAll(List.of(gold), answer, policies, new Budget(limits.steps()));
  }

  /** Compares as {@link #compare} does, and tells how it came to the verdict. */
  public Explanation explain(String gold, String answer, Policies policies) {
    Verdict verdict = compare(gold, answer, policies);
    Evidence evidence = verdict.evidence();
    return new Explanation(
        verdict,
        List.of(
            new Explanation.Step("gold", evidence.normalGold()),
            new Explanation.Step("answer", evidence.normalAnswer()),
            new Explanation.Step("rule", evidence.rule().id())));
  }

  private Verdict againstAll(List<String> golds, String written, Policies policies, Budget budget) {
    // A verdict quotes no more than it would read, so that a group's verdicts stay small.
    String extracted = written.substring(0, Math.min(written.length(), limits.answerCharacters()));
    if (golds.isEmpty()) {
      return new InvalidGold(new Evidence(Rule.NO_GOLD, extracted, "", "", budget.used()));
    }
    if (golds.stream().anyMatch(String::isBlank)) {
      return new InvalidGold(new Evidence(Rule.EMPTY_GOLD, extracted, "", "", budget.used()));
    }
    Side answer = read(written, budget);
    Verdict mostDoubtful = null;
    for (String text : golds) {
      Verdict verdict = decide(read(text, budget), answer, extracted, policies, budget);
      if (verdict instanceof Equal) {
        return verdict;
      }
      if (mostDoubtful == null || doubt(verdict) > doubt(mostDoubtful)) {
        mostDoubtful = verdict;
      }
    }
    return mostDoubtful;
  }

  /** How much a verdict leaves open about the answer; orders the verdicts of several golds. */
  private static int doubt(Verdict verdict) {
    return switch (verdict) {
      case Equal equal -> 0;
      case NotEqual notEqual -> 1;
      case NoAnswer noAnswer -> 2;
      case Unparseable unparseable -> 3;
      case BudgetExceeded exceeded -> 4;
      case InvalidGold invalid -> 5;
    };
  }

  private static Verdict decide(
      Side gold, Side answer, String extracted, Policies policies, Budget budget) {
    Case facts = new Case(gold, answer, extracted, budget.used());
    return switch (gold.reading()) {
      case Blank blank -> new InvalidGold(facts.decidedBy(Rule.EMPTY_GOLD));
      case Undefined undefined -> new InvalidGold(facts.decidedBy(Rule.UNDEFINED_VALUE));
      case Reading reading when answer.reading() instanceof Blank ->
          new NoAnswer(facts.decidedBy(Rule.EMPTY_BOX));
      case Reading reading when gold.isWrittenAs(answer) ->
          new Equal(facts.decidedBy(Rule.IDENTICAL_TEXT));
      case Refused(Rule limit) -> new BudgetExceeded(facts.decidedBy(limit));
      case Outside outside when answer.reading() instanceof Refused(Rule limit) ->
          new BudgetExceeded(facts.decidedBy(limit));
      case Outside outside -> new Unparseable(facts.decidedBy(Rule.UNPARSEABLE_GOLD));
      case Understood(Quantity known) -> withKnownGold(known, facts, policies);
    };
  }

  private static Verdict withKnownGold(Quantity gold, Case facts, Policies policies) {
    return switch (facts.answer().reading()) {
      case Blank blank -> new NoAnswer(facts.decidedBy(Rule.EMPTY_BOX));
      case Refused(Rule limit) -> new BudgetExceeded(facts.decidedBy(limit));
      case Outside outside -> new Unparseable(facts.decidedBy(Rule.UNPARSEABLE_ANSWER));
      case Undefined undefined -> new NotEqual(facts.decidedBy(Rule.UNDEFINED_VALUE));
      case Understood(Quantity given) -> {
        Comparison.Result result = new Comparison(policies).compare(gold, given);
        Evidence evidence = facts.decidedBy(result.rule());
        yield result.equal() ? new Equal(evidence) : new NotEqual(evidence);
      }
    };
  }

  private Side read(String text, Budget budget) {
    if (text.length() > limits.answerCharacters()) {
      return new Side(Optional.empty(), new Refused(Rule.ANSWER_SIZE_LIMIT));
    }
    String normalised = AnswerText.normalised(text);
    return new Side(Optional.of(normalised), understand(normalised, budget));
  }

  private Reading understand(String text, Budget budget) {
    if (text.isEmpty()) {
      return new Blank();
    }
    try {
      Syntax syntax = Parser.parse(Lexer.tokens(text, limits, budget), budget);
      return new Understood(Evaluation.of(syntax, limits, budget));
    } catch (Halt halt) {
      return halt.reading();
    } catch (LimitExceeded exceeded) {
      return new Refused(Rule.of(exceeded.limit()));
    }
  }

  /**
   * A gold or an answer.
   *
   * @param text the normalised text, absent if it is too long to look at
   */
  private record Side(Optional<String> text, Reading reading) {
    boolean isWrittenAs(Side other) {
      return text.isPresent() && text.equals(other.text);
    }

    String normalForm() {
      return reading instanceof Understood(Quantity quantity)
          ? quantity.normalForm()
          : text.orElse("");
    }
  }

  private record Case(Side gold, Side answer, String extracted, long steps) {
    Evidence decidedBy(Rule rule) {
      return new Evidence(rule, extracted, gold.normalForm(), answer.normalForm(), steps);
    }
  }
}

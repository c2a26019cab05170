package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.SetBuilder;
import dev.drpo.judge.verdict.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares sets that have no place on the line, such as those with symbols for ends, as written.
 */
final class SymbolicSets {
  private final Comparison comparison;

  SymbolicSets(Comparison comparison) {
    this.comparison = comparison;
  }

  Decision compare(Answer left, Answer right) {
    return switch (left) {
      case Combination one when right instanceof Combination other -> pieces(one, other);
      case Bracketed one when right instanceof Bracketed other -> comparison.brackets(one, other);
      case NumberSet one when right instanceof NumberSet other ->
          one.equals(other) ? equal(Rule.EQUAL_SETS) : different(Rule.DIFFERENT_SETS);
      case SetBuilder one when right instanceof SetBuilder other -> builders(one, other);
      case SetBuilder one when isReals(one.base()) -> comparison.compare(one.condition(), right);
      case SetBuilder _ -> against(right);
      default ->
          switch (right) {
            case SetBuilder other when isReals(other.base()) ->
                comparison.compare(left, other.condition());
            case SetBuilder _ -> against(left);
            default -> different(Rule.DIFFERENT_KINDS);
          };
    };
  }

  /** A condition that can't be solved may be met by any numbers, but by nothing else. */
  private static Decision against(Answer other) {
    return switch (other) {
      case Answer.Words _,
          Answer.Choice _,
          Answer.Matrix _,
          Answer.Ratio _,
          Answer.Numeral _,
          Answer.Piecewise _ ->
          different(Rule.DIFFERENT_KINDS);
      default -> undecided();
    };
  }

  private static Decision undecided() {
    return new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED);
  }

  private static boolean isReals(Answer base) {
    return base.equals(new NumberSet("R"));
  }

  /** Sets by conditions that can't be solved: the same if the conditions are, under one name. */
  private Decision builders(SetBuilder gold, SetBuilder answer) {
    Answer condition = Renaming.of(answer.condition(), answer.variable(), gold.variable());
    Decision decision =
        comparison.inOrder(
            List.of(gold.base(), gold.condition()),
            List.of(answer.base(), condition),
            Rule.EQUAL_SETS,
            Rule.DIFFERENT_SETS);
    return decision.isEqual() ? decision : undecided();
  }

  private Decision pieces(Combination gold, Combination answer) {
    if (gold.operation() != answer.operation()) {
      return different(Rule.DIFFERENT_SETS);
    }
    if (gold.operation() == Answer.SetOperation.DIFFERENCE) {
      return comparison.inOrder(
          List.of(gold.left(), gold.right()),
          List.of(answer.left(), answer.right()),
          Rule.EQUAL_SETS,
          Rule.DIFFERENT_SETS);
    }
    return comparison.anyOrder(
        flattened(gold, gold.operation()),
        flattened(answer, gold.operation()),
        Rule.EQUAL_SETS,
        Rule.DIFFERENT_SETS);
  }

  private static List<Answer> flattened(Answer answer, Answer.SetOperation operation) {
    List<Answer> pieces = new ArrayList<>();
    Answer rest = answer;
    while (rest instanceof Combination combination && combination.operation() == operation) {
      pieces.add(combination.right());
      rest = combination.left();
    }
    pieces.add(rest);
    return pieces;
  }
}

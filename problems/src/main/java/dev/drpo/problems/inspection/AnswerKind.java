package dev.drpo.problems.inspection;

import dev.drpo.judge.Judge;
import dev.drpo.judge.Side;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import java.util.Locale;

/** What kind of answer a gold is, by the judge's reading. */
public enum AnswerKind {
  INTEGER,
  DECIMAL,
  FRACTION,
  EXPRESSION,
  RATIO,
  NUMERAL_IN_BASE,
  /** A point or an open interval: the two look alike. */
  TUPLE,
  INTERVAL,
  LIST,
  NUMBER_SET,
  COMBINATION_OF_SETS,
  MATRIX,
  RELATION,
  CHOICE,
  TEXT,
  UNREADABLE;

  /** The name that output carries. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind of a gold. */
  public static AnswerKind of(Judge judge, String gold) {
    return judge.read(gold) instanceof Side.Read(String _, Answer answer) ? of(answer) : UNREADABLE;
  }

  private static AnswerKind of(Answer answer) {
    return switch (answer) {
      case Scalar(Expression value, var _) -> of(value);
      case Answer.Numeral _ -> NUMERAL_IN_BASE;
      case Answer.Ratio _ -> RATIO;
      case Bracketed bracketed -> isInterval(bracketed) ? INTERVAL : TUPLE;
      case Answer.Listing _ -> LIST;
      case Answer.NumberSet _, Answer.SetBuilder _, Answer.Family _, Answer.Progression _ ->
          NUMBER_SET;
      case Answer.Congruence _ -> RELATION;
      case Answer.Piecewise _ -> EXPRESSION;
      case Answer.Combination _ -> COMBINATION_OF_SETS;
      case Answer.Matrix _ -> MATRIX;
      case Answer.Relation _ -> RELATION;
      case Answer.Words _ -> TEXT;
      case Answer.Choice _ -> CHOICE;
    };
  }

  private static AnswerKind of(Expression value) {
    return switch (value) {
      case Expression.Number(var number) -> number.isInteger() ? INTEGER : FRACTION;
      case Expression.Decimal _ -> DECIMAL;
      case Expression.Negation(Expression operand) -> of(operand);
      case Expression.Quotient(Expression above, Expression below)
          when of(above) == INTEGER && of(below) == INTEGER ->
          FRACTION;
      default -> EXPRESSION;
    };
  }

  private static boolean isInterval(Bracketed pair) {
    return pair.elements().size() == 2
        && (pair.open() == Bracket.SQUARE
            || pair.close() == Bracket.SQUARE
            || pair.elements().stream().anyMatch(AnswerKind::isInfinite));
  }

  private static boolean isInfinite(Answer end) {
    return end instanceof Scalar(Expression value, var _)
        && (value == Expression.Constant.INFINITY
            || value.equals(new Expression.Negation(Expression.Constant.INFINITY)));
  }
}

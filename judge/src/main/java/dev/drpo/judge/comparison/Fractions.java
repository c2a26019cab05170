package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;

/** Tells fractions in lowest terms from others. */
final class Fractions {
  private Fractions() {}

  /** Whether a fraction that can be reduced occurs anywhere in an answer. */
  static boolean canBeReduced(Answer answer) {
    return switch (answer) {
      case Answer.Scalar(Expression value, var unit) -> canBeReduced(value);
      case Answer.Ratio ratio -> false;
      case Answer.Bracketed bracketed -> anyCanBeReduced(bracketed.elements());
      case Answer.Listing listing -> anyCanBeReduced(listing.elements());
      case Answer.Relation relation -> anyCanBeReduced(relation.members());
      case Answer.Combination pair -> canBeReduced(pair.left()) || canBeReduced(pair.right());
      case Answer.Matrix(List<List<Expression>> rows) ->
          rows.stream().flatMap(List::stream).anyMatch(Fractions::canBeReduced);
      case Answer.Numeral numeral -> false;
      case Answer.NumberSet set -> false;
      case Answer.SetBuilder set -> canBeReduced(set.base()) || canBeReduced(set.condition());
      case Answer.Family family -> anyCanBeReduced(family.values());
      case Answer.Progression progression ->
          progression.terms().stream().anyMatch(Fractions::canBeReduced);
      case Answer.Congruence congruence -> false;
      case Answer.Piecewise piecewise -> anyCanBeReduced(piecewise.values());
      case Answer.Words words -> false;
      case Answer.Choice choice -> false;
    };
  }

  private static boolean anyCanBeReduced(List<Answer> answers) {
    return answers.stream().anyMatch(Fractions::canBeReduced);
  }

  private static boolean canBeReduced(Expression expression) {
    return Expressions.anyPart(expression, Fractions::isUnreduced);
  }

  /** Whether the expression is a fraction of integers, signs aside, that can be reduced. */
  private static boolean isUnreduced(Expression expression) {
    return switch (expression) {
      case Expression.Negation(Expression operand) -> isUnreduced(operand);
      case Expression.Quotient(Expression top, Expression bottom)
          when unsigned(top) instanceof Expression.Number(Rational numerator)
              && unsigned(bottom) instanceof Expression.Number(Rational denominator) ->
          !numerator.numerator().gcd(denominator.numerator()).equals(BigInteger.ONE)
              || denominator.numerator().equals(BigInteger.ONE);
      default -> false;
    };
  }

  private static Expression unsigned(Expression expression) {
    return expression instanceof Expression.Negation(Expression operand)
        ? unsigned(operand)
        : expression;
  }
}

package dev.drpo.judge.comparison;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code \mathbf i + 2\mathbf j} as the tuple of its components. */
final class UnitVectors {
  private static final List<String> NAMES = List.of("\\unit{i}", "\\unit{j}", "\\unit{k}");
  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final Expression ONE = new Expression.Number(Rational.ONE);

  private UnitVectors() {}

  /** The components, two or three; empty for what isn't linear in unit vectors. */
  static Optional<Answer> components(Scalar vector) {
    boolean spatial = has(vector.value(), NAMES.getLast());
    boolean any = NAMES.stream().anyMatch(name -> has(vector.value(), name));
    if (!any || !vector.unit().isNone() || !isLinear(vector.value())) {
      return Optional.empty();
    }
    List<Answer> components = new ArrayList<>();
    for (String name : spatial ? NAMES : NAMES.subList(0, 2)) {
      Expression component = vector.value();
      for (String other : NAMES) {
        component = Substitution.of(component, other, other.equals(name) ? ONE : ZERO);
      }
      components.add(Scalar.of(component));
    }
    return Optional.of(new Bracketed(Bracket.ROUND, components, Bracket.ROUND));
  }

  private static boolean has(Expression expression, String name) {
    return Terms.has(expression, new Expression.Symbol(name)::equals);
  }

  private static boolean isConstant(Expression expression) {
    return NAMES.stream().noneMatch(name -> has(expression, name));
  }

  /** Whether every term is a factor times one unit vector. */
  private static boolean isLinear(Expression expression) {
    return switch (expression) {
      case Expression.Symbol(String name) -> NAMES.contains(name);
      case Expression.Negation(Expression operand) -> isLinear(operand);
      case Expression.Sum(List<Expression> terms) -> terms.stream().allMatch(UnitVectors::isLinear);
      case Expression.Product(List<Expression> factors) ->
          factors.stream().filter(factor -> !isConstant(factor)).count() == 1
              && factors.stream().allMatch(factor -> isConstant(factor) || isLinear(factor));
      case Expression.Quotient(Expression top, Expression bottom) ->
          isLinear(top) && isConstant(bottom);
      default -> false;
    };
  }
}

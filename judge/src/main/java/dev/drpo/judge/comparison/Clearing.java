package dev.drpo.judge.comparison;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.algebra.Unsolvable;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Multiplies equations by their denominators: {@code y - 1/x = 0} becomes {@code xy - 1 = 0}. That
 * is the same equation only if no denominator vanishes wherever the product does.
 */
final class Clearing {
  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final int MAX_FACTORS = 12;
  private static final int MAX_PARTS = 2000;

  private final Identity identity;

  /** A quotient whose denominator is a product of factors, each as often as it divides. */
  private record Quotient(Expression numerator, List<Expression> factors) {}

  Clearing(Identity identity) {
    this.identity = identity;
  }

  /**
   * The left side of an equation to zero without its denominators; empty if that would be another
   * equation, or can't be shown not to be.
   */
  Optional<Expression> cleared(Expression side) {
    Quotient quotient;
    try {
      quotient = quotient(side);
    } catch (Unsolvable tooLarge) {
      return Optional.empty();
    }
    boolean harmless =
        quotient.factors.size() <= MAX_FACTORS
            && quotient.factors.stream().allMatch(factor -> isHarmless(factor, quotient.numerator));
    return harmless ? Optional.of(quotient.numerator) : Optional.empty();
  }

  /** Denominators inside denominators multiply, so that every step is held to a size. */
  private Quotient quotient(Expression expression) {
    Quotient quotient = unbounded(expression);
    if (Terms.isLargerThan(quotient.numerator, MAX_PARTS)) {
      throw new Unsolvable();
    }
    return quotient;
  }

  private Quotient unbounded(Expression expression) {
    return switch (expression) {
      case Expression.Sum(List<Expression> terms) -> sum(terms);
      case Expression.Product(List<Expression> factors) -> {
        List<Expression> tops = new ArrayList<>();
        List<Expression> bottoms = new ArrayList<>();
        for (Expression factor : factors) {
          Quotient one = quotient(factor);
          tops.add(one.numerator);
          bottoms.addAll(one.factors);
        }
        yield new Quotient(new Expression.Product(tops), bottoms);
      }
      case Expression.Negation(Expression operand) -> {
        Quotient one = quotient(operand);
        yield new Quotient(new Expression.Negation(one.numerator), one.factors);
      }
      case Expression.Quotient(Expression top, Expression bottom) when Terms.anySymbol(bottom) -> {
        Quotient above = quotient(top);
        Quotient below = quotient(bottom);
        List<Expression> factors = new ArrayList<>(above.factors);
        factors.addAll(factors(below.numerator));
        yield new Quotient(product(above.numerator, below.factors), factors);
      }
      default -> new Quotient(expression, List.of());
    };
  }

  private Quotient sum(List<Expression> terms) {
    List<Quotient> quotients = terms.stream().map(this::quotient).toList();
    List<Expression> common = new ArrayList<>();
    for (Quotient quotient : quotients) {
      common.addAll(missing(common, quotient.factors));
    }
    return new Quotient(
        new Expression.Sum(
            quotients.stream()
                .map(one -> product(one.numerator, missing(one.factors, common)))
                .toList()),
        common);
  }

  /** The factors of one list that another doesn't have, or not as often. */
  private static List<Expression> missing(List<Expression> present, List<Expression> wanted) {
    List<Expression> rest = new ArrayList<>(present);
    return wanted.stream().filter(factor -> !rest.remove(factor)).toList();
  }

  private static Expression product(Expression first, List<Expression> others) {
    if (others.isEmpty()) {
      return first;
    }
    List<Expression> factors = new ArrayList<>(List.of(first));
    factors.addAll(others);
    return new Expression.Product(factors);
  }

  private static List<Expression> factors(Expression denominator) {
    return switch (denominator) {
      case Expression.Product(List<Expression> factors) ->
          factors.stream().flatMap(factor -> factors(factor).stream()).toList();
      case Expression.Negation(Expression operand) -> factors(operand);
      case Expression.Power(Expression base, Expression.Number exponent)
          when exponent.value().isInteger() && exponent.value().numerator().signum() > 0 ->
          List.of(denominator);
      default -> Terms.anySymbol(denominator) ? List.of(denominator) : List.of();
    };
  }

  /** Whether a product isn't zero everywhere where a factor is: where its symbol is the root. */
  private boolean isHarmless(Expression factor, Expression product) {
    Expression base =
        factor instanceof Expression.Power(Expression inner, Expression.Number _) ? inner : factor;
    Optional<Expression> vanished = atRoot(base, product);
    return vanished.isPresent()
        && identity.agreement(vanished.get(), ZERO).outcome() == Agreement.Outcome.DIFFERENT;
  }

  private static Optional<Expression> atRoot(Expression base, Expression product) {
    return switch (base) {
      case Symbol symbol -> Optional.of(Substitution.replace(product, symbol, ZERO));
      case Expression.Sum(List<Expression> terms) -> {
        for (Expression term : terms) {
          boolean negated = term instanceof Expression.Negation;
          Expression plain =
              term instanceof Expression.Negation(Expression operand) ? operand : term;
          if (plain instanceof Symbol symbol) {
            List<Expression> rest = new ArrayList<>(terms);
            rest.remove(term);
            rest.add(ZERO);
            Expression others = new Expression.Sum(rest);
            if (!Terms.has(others, symbol::equals)) {
              Expression root = negated ? others : new Expression.Negation(others);
              yield Optional.of(Substitution.replace(product, symbol, root));
            }
          }
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }
}

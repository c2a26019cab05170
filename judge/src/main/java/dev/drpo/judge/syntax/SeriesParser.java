package dev.drpo.judge.syntax;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Series;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads sums and products over a range of integers. Geometric series without end have their value,
 * and so have those of even powers of reciprocals; other series without end, and terms of unknown
 * sequences, are not computed.
 */
final class SeriesParser {
  private static final Expression ONE = new Expression.Number(Rational.ONE);

  /** What a power of pi is divided by to be the sum of the reciprocals of all such powers. */
  private static final Map<Rational, Rational> EULER =
      Map.of(
          Rational.of(2), Rational.of(6),
          Rational.of(4), Rational.of(90),
          Rational.of(6), Rational.of(945));

  private final Cursor cursor;
  private final ScalarParser scalars;

  SeriesParser(Cursor cursor, ScalarParser scalars) {
    this.cursor = cursor;
    this.scalars = scalars;
  }

  Expression read() {
    boolean product = cursor.take().text().equals("prod");
    cursor.expect(Kind.UNDERSCORE);
    cursor.expect(Kind.OPEN_BRACE);
    String index = letter();
    cursor.expect(Kind.EQUALS);
    Expression from = scalars.sum();
    cursor.expect(Kind.CLOSE_BRACE);
    cursor.expect(Kind.CARET);
    Expression to = scalars.bound();
    Expression term = scalars.term();
    String what = product ? "product" : "sum";
    if (Terms.has(term, SeriesParser::isInner) || ofSequence(term, index)) {
      return Opaque.value(what, index, term, List.of(from, to));
    }
    Expression renamed =
        Substitution.replace(term, Opaque.variable(index), new Expression.Symbol(Series.INDEX));
    if (to == Expression.Constant.INFINITY) {
      return product
          ? Opaque.value(what, index, term, List.of(from, to))
          : geometric(renamed, from)
              .or(() -> reciprocals(renamed, from))
              .orElseGet(() -> Opaque.value(what, index, term, List.of(from, to)));
    }
    return new Series(product, from, to, renamed);
  }

  private static boolean isInner(Expression part) {
    return part instanceof Series
        || (part instanceof Expression.Symbol(String name)
            && name.startsWith(Expression.Symbol.UNDECIDED));
  }

  private static boolean ofSequence(Expression term, String index) {
    return Terms.has(
        term,
        part ->
            part instanceof Expression.Symbol(String name)
                && (Opaque.dependsOn(name, index) || name.contains("(" + index)));
  }

  private String letter() {
    Token token = cursor.take();
    if (token.is(Kind.WORD) && token.text().length() == 1) {
      return token.text();
    }
    throw cursor.unreadable();
  }

  /** {@code first / (1 - ratio)}, if every term is the one before times a ratio below 1. */
  private Optional<Expression> geometric(Expression term, Expression from) {
    Optional<Rational> ratio = ratio(term);
    boolean converges =
        ratio.filter(r -> r.abs().compareTo(Rational.ONE) < 0 && !r.isZero()).isPresent();
    if (!converges) {
      return Optional.empty();
    }
    Expression first = Substitution.replace(term, new Expression.Symbol(Series.INDEX), from);
    Expression rest = new Expression.Number(Rational.ONE.minus(ratio.get()));
    return Optional.of(new Expression.Quotient(first, rest));
  }

  /** The sum of {@code 1/n^s} from 1 on, for an even s: the values that Euler found. */
  private static Optional<Expression> reciprocals(Expression term, Expression from) {
    Optional<Rational> power =
        switch (term) {
          case Expression.Quotient(
                  Expression one,
                  Expression.Power(Expression base, Expression.Number(Rational exponent)))
              when one.equals(ONE) && isIndex(base) ->
              Optional.of(exponent);
          case Expression.Power(
                  Expression base,
                  Expression.Negation(Expression.Number(Rational exponent)))
              when isIndex(base) ->
              Optional.of(exponent);
          default -> Optional.empty();
        };
    return from.equals(ONE)
        ? power.flatMap(
            exponent ->
                Optional.ofNullable(EULER.get(exponent))
                    .map(
                        divisor ->
                            new Expression.Quotient(
                                new Expression.Power(
                                    Expression.Constant.PI, new Expression.Number(exponent)),
                                new Expression.Number(divisor))))
        : Optional.empty();
  }

  /** The constant that a term grows by from one index to the next, if it is a literal. */
  private static Optional<Rational> ratio(Expression term) {
    if (!Terms.has(term, SeriesParser::isIndex)) {
      return Optional.of(Rational.ONE);
    }
    return switch (term) {
      case Expression.Negation(Expression operand) -> ratio(operand);
      case Expression.Product(List<Expression> factors) -> {
        Optional<Rational> product = Optional.of(Rational.ONE);
        for (Expression factor : factors) {
          Optional<Rational> one = ratio(factor);
          product = product.flatMap(so -> one.map(so::times));
        }
        yield product;
      }
      case Expression.Quotient(Expression top, Expression bottom) ->
          ratio(top)
              .flatMap(one -> ratio(bottom).filter(other -> !other.isZero()).map(one::dividedBy));
      case Expression.Power(Expression base, Expression exponent)
          when !Terms.has(base, SeriesParser::isIndex) ->
          slope(exponent).flatMap(slope -> Literals.rational(new Expression.Power(base, slope)));
      default -> Optional.empty();
    };
  }

  private static boolean isIndex(Expression part) {
    return part.equals(new Expression.Symbol(Series.INDEX));
  }

  /** What a linear exponent grows by. */
  private static Optional<Expression> slope(Expression exponent) {
    if (isIndex(exponent)) {
      return Optional.of(ONE);
    }
    if (!Terms.has(exponent, SeriesParser::isIndex)) {
      return Optional.of(new Expression.Number(Rational.ZERO));
    }
    return switch (exponent) {
      case Expression.Negation(Expression operand) ->
          slope(operand).<Expression>map(Expression.Negation::new);
      case Expression.Product(List<Expression> factors)
          when factors.size() == 2
              && factors.getFirst() instanceof Expression.Number factor
              && isIndex(factors.getLast()) ->
          Optional.of(factor);
      case Expression.Sum(List<Expression> terms)
          when terms.stream().allMatch(term -> slope(term).isPresent()) ->
          Optional.of(
              new Expression.Sum(terms.stream().map(term -> slope(term).orElseThrow()).toList()));
      default -> Optional.empty();
    };
  }
}

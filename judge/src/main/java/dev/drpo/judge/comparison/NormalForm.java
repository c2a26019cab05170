package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes an answer in one plain spelling: rational numbers in lowest terms, sums, products, lists
 * and sets in alphabetical order. For people and logs; equality is not decided by it.
 */
public final class NormalForm {
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int POWER = 3;
  private static final int ATOM = 4;

  private final Identity identity;

  public NormalForm(Identity identity) {
    this.identity = identity;
  }

  /** The normal form of an answer. */
  public String of(Answer answer) {
    return switch (answer) {
      case Answer.Scalar(Expression value, Unit unit) -> measured(value, unit);
      case Answer.Numeral(String digits, int base) -> digits + "_" + base;
      case Answer.Ratio(List<Expression> parts, Optional<String> halfOfDay) ->
          parts.stream().map(this::of).collect(Collectors.joining(":"))
              + halfOfDay.map(half -> " " + half).orElse("");
      case Answer.Bracketed bracketed ->
          elements(bracketed.elements().stream())
              .collect(
                  Collectors.joining(
                      ", ",
                      bracketed.open() == Bracket.ROUND ? "(" : "[",
                      bracketed.close() == Bracket.ROUND ? ")" : "]"));
      case Answer.Listing listing ->
          elements(listing.elements().stream())
              .sorted()
              .collect(Collectors.joining(", ", "{", "}"));
      case Answer.NumberSet(String name) -> name;
      case Answer.SetBuilder(String variable, Answer base, Answer condition) ->
          "{" + variable + " in " + of(base) + ": " + of(condition) + "}";
      case Answer.Family family ->
          "{"
              + elements(family.values().stream()).sorted().collect(Collectors.joining(", "))
              + ": "
              + family.index()
              + " in "
              + of(family.base())
              + "}";
      case Answer.Progression progression ->
          (progression.backwards() ? "{..., " : "{")
              + progression.terms().stream().map(this::of).collect(Collectors.joining(", "))
              + ", ..."
              + progression.last().map(last -> ", " + of(last)).orElse("")
              + "}";
      case Answer.Piecewise(List<Answer> values, List<Answer> conditions) ->
          IntStream.range(0, values.size())
              .mapToObj(i -> of(values.get(i)) + " if " + of(conditions.get(i)))
              .sorted()
              .collect(Collectors.joining("; "));
      case Answer.Congruence(List<Expression> members, Expression modulus) ->
          members.stream().map(this::of).collect(Collectors.joining(" = ")) + " mod " + of(modulus);
      case Answer.Combination combination ->
          of(combination.left())
              + " "
              + combination.operation().name().toLowerCase(Locale.ROOT)
              + " "
              + of(combination.right());
      case Answer.Matrix(List<List<Expression>> rows) ->
          rows.stream()
              .map(row -> row.stream().map(this::of).collect(Collectors.joining(", ", "[", "]")))
              .collect(Collectors.joining(", ", "[", "]"));
      case Answer.Relation relation -> relation(relation);
      case Answer.Words(List<String> words) -> String.join(" ", words).toLowerCase(Locale.ROOT);
      case Answer.Choice(char letter) -> "(" + letter + ")";
    };
  }

  private Stream<String> elements(Stream<Answer> elements) {
    return elements.map(this::of);
  }

  private String measured(Expression value, Unit unit) {
    if (unit.isNone()) {
      return of(value);
    }
    boolean raised = unit.equals(Unit.PERCENT) || unit.equals(Unit.DEGREE);
    return of(unit.isBase() ? value : Rounding.scaled(value, unit.scale()))
        + (raised ? "" : " ")
        + unit.dimensionNames();
  }

  private String relation(Relation relation) {
    StringBuilder written = new StringBuilder(of(relation.members().getFirst()));
    for (int i = 0; i < relation.signs().size(); i++) {
      written
          .append(
              switch (relation.signs().get(i)) {
                case EQUAL -> " = ";
                case APPROXIMATELY -> " ~ ";
                case NOT_EQUAL -> " != ";
                case LESS -> " < ";
                case LESS_OR_EQUAL -> " <= ";
                case GREATER -> " > ";
                case GREATER_OR_EQUAL -> " >= ";
                case ELEMENT_OF -> " in ";
                case NOT_ELEMENT_OF -> " not in ";
                case CONGRUENT -> " congruent ";
              })
          .append(of(relation.members().get(i + 1)));
    }
    return written.toString();
  }

  /** The normal form of an expression. */
  public String of(Expression expression) {
    return text(expression, 0);
  }

  private String text(Expression expression, int context) {
    Optional<Rational> rational = rational(expression);
    if (rational.isPresent()) {
      String number = rational.get().toString();
      boolean plain = context <= SUM || number.chars().allMatch(Character::isDigit);
      return plain ? number : "(" + number + ")";
    }
    return switch (expression) {
      case Expression.Number(Rational value) -> value.toString();
      case Expression.Decimal decimal -> decimal.value().toString();
      case Expression.Symbol(String name) -> name;
      case Expression.Constant constant -> constant.name().toLowerCase(Locale.ROOT);
      case Expression.Sum(List<Expression> terms) ->
          enclosed(joined(terms, SUM, " + ").replace("+ -", "- "), SUM, context);
      case Expression.Product(List<Expression> factors) ->
          enclosed(joined(factors, PRODUCT, "*"), PRODUCT, context);
      case Expression.Negation(Expression operand) ->
          enclosed("-" + text(operand, PRODUCT), PRODUCT, context);
      case Expression.Quotient(Expression top, Expression bottom) ->
          enclosed(text(top, PRODUCT) + "/" + text(bottom, POWER), PRODUCT, context);
      case Expression.Power(Expression base, Expression exponent) ->
          enclosed(text(base, ATOM) + "^" + text(exponent, POWER), POWER, context);
      case Expression.Root(Expression degree, Expression radicand) ->
          degree.equals(new Expression.Number(Rational.of(BigInteger.TWO)))
              ? "sqrt(" + of(radicand) + ")"
              : "root(" + of(degree) + ", " + of(radicand) + ")";
      case Expression.Call(var function, Expression argument) ->
          function.name().toLowerCase(Locale.ROOT) + "(" + of(argument) + ")";
      case Expression.Logarithm(Expression base, Expression argument) ->
          "log(" + of(base) + ", " + of(argument) + ")";
      case Expression.Factorial(Expression operand) -> text(operand, ATOM) + "!";
      case Expression.Binomial(Expression total, Expression chosen) ->
          "binomial(" + of(total) + ", " + of(chosen) + ")";
      case Expression.Series(boolean product, Expression from, Expression to, Expression term) ->
          (product ? "product(" : "sum(") + of(from) + ", " + of(to) + ", " + of(term) + ")";
    };
  }

  private String joined(List<Expression> parts, int level, String separator) {
    return parts.stream()
        .map(part -> text(part, level))
        .sorted()
        .collect(Collectors.joining(separator));
  }

  private static String enclosed(String text, int level, int context) {
    return level < context ? "(" + text + ")" : text;
  }

  private Optional<Rational> rational(Expression expression) {
    try {
      return identity.rational(expression);
    } catch (LimitExceeded exceeded) {
      // Too large to be written out: the expression stays as it is.
      return Optional.empty();
    }
  }
}

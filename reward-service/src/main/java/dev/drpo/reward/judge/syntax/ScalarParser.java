package dev.drpo.reward.judge.syntax;

import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.expression.Expression.Constant;
import dev.drpo.reward.judge.expression.Function;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.number.Rational;
import dev.drpo.reward.judge.syntax.Token.Gap;
import dev.drpo.reward.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an expression by recursive descent.
 *
 * <pre>
 * sum     = [sign] term { sign term }
 * term    = power { ("*" | "/" | nothing) [sign] power }      from left to right
 * power   = postfix [ "^" exponent ]                          from right to left
 * postfix = primary { "!" }
 * </pre>
 *
 * The lexer bounds the nesting, and with it the depth of the recursion.
 */
final class ScalarParser {
  static final Expression.Number ONE = new Expression.Number(Rational.of(BigInteger.ONE));
  private static final Expression TWO = number(2);
  private static final Expression TEN = number(10);
  private static final Expression DEGREE = new Expression.Quotient(Constant.PI, number(180));

  private static final Map<Function, Function> INVERSES =
      Map.of(
          Function.SIN, Function.ARCSIN,
          Function.COS, Function.ARCCOS,
          Function.TAN, Function.ARCTAN,
          Function.COT, Function.ARCCOT,
          Function.SEC, Function.ARCSEC,
          Function.CSC, Function.ARCCSC);

  private final Cursor cursor;
  private final Limits limits;
  private final Numerals numerals;
  private final UnitParser units;
  private final SignChoices signs;

  /** How deep in brackets where commas separate; see {@link Numerals#number}. */
  private int brackets;

  private int openBars;
  private int arguments;
  private int depth;

  ScalarParser(Cursor cursor, Limits limits, UnitParser units, SignChoices signs) {
    this.cursor = cursor;
    this.limits = limits;
    this.numerals = new Numerals(cursor, limits);
    this.units = units;
    this.signs = signs;
  }

  private static Expression.Number number(long value) {
    return new Expression.Number(Rational.of(BigInteger.valueOf(value)));
  }

  Numerals numerals() {
    return numerals;
  }

  void enterBrackets() {
    brackets++;
  }

  void leaveBrackets() {
    brackets--;
  }

  /** Reads an expression that isn't inside another. */
  Expression expression() {
    depth = 0;
    openBars = 0;
    arguments = 0;
    return stacked();
  }

  /** A sum, or {@code n \choose k} or {@code a \over b}, which span their whole group. */
  private Expression stacked() {
    Expression inside = sum();
    if (cursor.accept(Kind.CHOOSE)) {
      return new Expression.Binomial(inside, sum());
    }
    return cursor.accept(Kind.OVER) ? new Expression.Quotient(inside, sum()) : inside;
  }

  private Expression sum() {
    List<Expression> terms = new ArrayList<>();
    boolean negative = sign();
    terms.add(negated(negative, term()));
    while (startsSign()) {
      boolean subtracted = sign();
      // The sign of a number may follow the sign before it: 5 - -3.
      negative = subtracted ^ sign();
      terms.add(negated(negative, term()));
    }
    return terms.size() == 1 ? terms.getFirst() : new Expression.Sum(terms);
  }

  /** Reads the factors before a matrix, down to a lone sign. */
  Expression factor() {
    depth = 0;
    boolean negative = sign();
    List<Expression> factors = new ArrayList<>(List.of(ONE));
    while (!cursor.at(Kind.BEGIN)) {
      factors.add(power());
      cursor.accept(Kind.TIMES);
    }
    return negated(negative, product(factors));
  }

  private boolean startsSign() {
    return switch (cursor.peek().kind()) {
      case PLUS, MINUS, PLUS_MINUS, MINUS_PLUS -> true;
      default -> false;
    };
  }

  /** Reads a sign, if there is one: whether it is a minus. */
  private boolean sign() {
    if (!startsSign()) {
      return false;
    }
    return switch (cursor.take().kind()) {
      case MINUS -> true;
      case PLUS_MINUS -> signs.isNegative(false);
      case MINUS_PLUS -> signs.isNegative(true);
      default -> false;
    };
  }

  private static Expression negated(boolean negative, Expression operand) {
    return negative ? new Expression.Negation(operand) : operand;
  }

  private Expression term() {
    List<Expression> factors = new ArrayList<>();
    factors.add(power());
    int quotients = 0;
    while (true) {
      if (cursor.accept(Kind.TIMES)) {
        factors.add(signedPower());
      } else if (startsDivision()) {
        cursor.take();
        Expression divisor = signedPower();
        Expression quotient = new Expression.Quotient(product(factors), divisor);
        deepen(++quotients);
        factors.clear();
        factors.add(quotient);
      } else if (startsImplicitFactor() || startsNumberBehind(factors.getLast())) {
        factors.add(power());
      } else {
        return product(factors);
      }
    }
  }

  /** Only behind a factorial does a number multiply without a sign, as in {@code 3!4!}. */
  private boolean startsNumberBehind(Expression factor) {
    return factor instanceof Expression.Factorial && cursor.at(Kind.DIGITS);
  }

  /** A slash before a unit, as in {@code 5 m/s}, divides no expression. */
  private boolean startsDivision() {
    return cursor.at(Kind.DIVIDED_BY) || (cursor.at(Kind.SLASH) && !cursor.at(1, Kind.TEXT));
  }

  private Expression signedPower() {
    boolean negative = sign();
    return negated(negative, power());
  }

  static Expression product(List<Expression> factors) {
    return factors.size() == 1 ? factors.getFirst() : new Expression.Product(factors);
  }

  private boolean startsImplicitFactor() {
    if (units.raisedDegree() > 0) {
      return false;
    }
    return switch (cursor.peek().kind()) {
      case WORD -> !startsUnit();
      case SYMBOL,
          FUNCTION,
          LOGARITHM,
          PI,
          INFINITY,
          FRACTION,
          BINOMIAL,
          ROOT,
          SURD,
          OPEN_PARENTHESIS,
          OPEN_BRACE,
          OPEN_FLOOR,
          OPEN_CEILING ->
          true;
      case OPEN_BRACKET -> brackets == 0;
      case BAR -> openBars == 0;
      default -> false;
    };
  }

  /** Whether letters are a unit with nothing but its own parts behind it. */
  private boolean startsUnit() {
    if (isHalfOfDay(cursor.peek()) && cursor.peek().gap() == Gap.WIDE) {
      return true;
    }
    if (!units.starts() || arguments > 0) {
      return false;
    }
    return switch (cursor.peek(1).kind()) {
      case END,
          COMMA,
          SEMICOLON,
          DOT,
          CONNECTIVE,
          CLOSE_PARENTHESIS,
          CLOSE_BRACKET,
          CLOSE_SET,
          CLOSE_BRACE,
          EQUALS,
          TEXT ->
          true;
      case WORD -> cursor.peek(1).gap() == Gap.WIDE;
      case CARET -> cursor.at(2, Kind.DIGITS) || cursor.at(2, Kind.OPEN_BRACE);
      case SLASH -> cursor.peek(2).isLetters();
      default -> false;
    };
  }

  private static boolean isHalfOfDay(Token word) {
    return word.text().equalsIgnoreCase("am") || word.text().equalsIgnoreCase("pm");
  }

  private Expression power() {
    Expression base = postfix();
    if (!cursor.at(Kind.CARET) || units.raisedDegree() > 0) {
      return inDegrees(base);
    }
    cursor.take();
    return new Expression.Power(base, exponent());
  }

  /** An angle in degrees is converted where a function takes it; elsewhere it is a unit. */
  private Expression inDegrees(Expression value) {
    int degree = cursor.at(Kind.DEGREE) ? 1 : units.raisedDegree();
    if (arguments == 0 || degree == 0) {
      return value;
    }
    for (int i = 0; i < degree; i++) {
      cursor.take();
    }
    return new Expression.Product(List.of(value, DEGREE));
  }

  private Expression exponent() {
    deepen(++depth);
    boolean negative = sign();
    Expression magnitude =
        switch (cursor.peek().kind()) {
          case DIGITS -> new Expression.Number(Rational.of(new BigInteger(digits())));
          case WORD -> symbol();
          default -> primary();
        };
    if (cursor.at(Kind.CARET)) {
      cursor.take();
      magnitude = new Expression.Power(magnitude, exponent());
    }
    depth--;
    return negated(negative, magnitude);
  }

  private String digits() {
    return cursor.expect(Kind.DIGITS).text();
  }

  private Expression postfix() {
    Expression value = primary();
    if (cursor.accept(Kind.FACTORIAL)) {
      // A double factorial is another function, which no answer form contains.
      if (cursor.at(Kind.FACTORIAL)) {
        throw cursor.unreadable();
      }
      return new Expression.Factorial(value);
    }
    return value;
  }

  private Expression primary() {
    deepen(++depth);
    Expression value = unbounded();
    depth--;
    return value;
  }

  /** Bounds what nests without brackets too: {@code \sqrt\sqrt x}, {@code x^y^z}, {@code a/b/c}. */
  private void deepen(int level) {
    // A bracket takes several levels, hence the factor.
    if (level > 4 * limits.nesting()) {
      throw new LimitExceeded(Limit.NESTING);
    }
  }

  private Expression unbounded() {
    return switch (cursor.peek().kind()) {
      case DIGITS, DOT -> mixedOrPlain();
      case WORD -> appliesFunction() ? application() : wordSymbol();
      case SYMBOL -> indexed(cursor.take().text());
      case PI -> taken(Constant.PI);
      case INFINITY -> taken(Constant.INFINITY);
      case FRACTION -> fraction();
      case BINOMIAL -> binomial();
      case ROOT -> root();
      case SURD -> surd();
      case FUNCTION -> call();
      case LOGARITHM -> logarithm();
      case OPEN_PARENTHESIS -> enclosed(Kind.CLOSE_PARENTHESIS);
      case OPEN_BRACKET -> enclosed(Kind.CLOSE_BRACKET);
      case OPEN_BRACE -> group();
      case OPEN_FLOOR -> new Expression.Call(Function.FLOOR, enclosed(Kind.CLOSE_FLOOR));
      case OPEN_CEILING -> new Expression.Call(Function.CEILING, enclosed(Kind.CLOSE_CEILING));
      case BAR -> absoluteValue();
      default -> throw cursor.unreadable();
    };
  }

  private Expression taken(Constant constant) {
    cursor.take();
    return constant;
  }

  private Expression enclosed(Kind close) {
    cursor.take();
    int outerBars = openBars;
    openBars = 0;
    Expression inside = sum();
    openBars = outerBars;
    cursor.expect(close);
    return inside;
  }

  private Expression group() {
    cursor.expect(Kind.OPEN_BRACE);
    Expression inside = stacked();
    cursor.expect(Kind.CLOSE_BRACE);
    return inside;
  }

  private Expression absoluteValue() {
    cursor.take();
    openBars++;
    Expression inside = sum();
    openBars--;
    cursor.expect(Kind.BAR);
    return new Expression.Call(Function.ABS, inside);
  }

  private Expression mixedOrPlain() {
    if (!numerals.starts()) {
      throw cursor.unreadable();
    }
    Expression value = numerals.number(brackets > 0);
    if (!(value instanceof Expression.Number whole)) {
      return value;
    }
    Optional<Expression> part = fractionOfMixedNumber();
    return part.<Expression>map(fraction -> new Expression.Sum(List.of(whole, fraction)))
        .orElse(whole);
  }

  /** The proper fraction that makes an integer before it a mixed number. */
  private Optional<Expression> fractionOfMixedNumber() {
    boolean plain =
        cursor.at(Kind.DIGITS)
            && cursor.peek().gap() == Gap.WIDE
            && cursor.at(1, Kind.SLASH)
            && cursor.at(2, Kind.DIGITS);
    if (!plain && !cursor.at(Kind.FRACTION)) {
      return Optional.empty();
    }
    int start = cursor.position();
    Expression part = plain ? plainFraction() : fraction();
    if (part instanceof Expression.Quotient(Expression.Number top, Expression.Number bottom)) {
      // An improper part is as likely a product, so it isn't guessed at.
      if (top.value().compareTo(bottom.value()) >= 0) {
        throw cursor.unreadable();
      }
      return Optional.of(part);
    }
    cursor.returnTo(start);
    return Optional.empty();
  }

  private Expression plainFraction() {
    Expression top = integer();
    cursor.expect(Kind.SLASH);
    return new Expression.Quotient(top, integer());
  }

  private Expression integer() {
    return new Expression.Number(Rational.of(new BigInteger(digits())));
  }

  private Expression fraction() {
    cursor.expect(Kind.FRACTION);
    Expression top = argument();
    return new Expression.Quotient(top, argument());
  }

  private Expression binomial() {
    cursor.expect(Kind.BINOMIAL);
    Expression total = argument();
    return new Expression.Binomial(total, argument());
  }

  /** A group, or as TeX has it a single digit or letter: {@code \frac12} is one half. */
  private Expression argument() {
    return switch (cursor.peek().kind()) {
      case DIGITS -> new Expression.Number(Rational.of(new BigInteger(cursor.takePart(1))));
      case WORD -> symbol();
      case OPEN_BRACE, SYMBOL, PI, FRACTION, ROOT -> primary();
      default -> throw cursor.unreadable();
    };
  }

  private Expression root() {
    cursor.expect(Kind.ROOT);
    Expression degree = TWO;
    if (cursor.accept(Kind.OPEN_BRACKET)) {
      degree = sum();
      cursor.expect(Kind.CLOSE_BRACKET);
    }
    return new Expression.Root(degree, radicand());
  }

  private Expression surd() {
    cursor.expect(Kind.SURD);
    return new Expression.Root(TWO, radicand());
  }

  /** Writers mean the whole number behind a root sign, though TeX takes its first digit. */
  private Expression radicand() {
    return switch (cursor.peek().kind()) {
      case DIGITS -> numerals.number(brackets > 0);
      case WORD -> symbol();
      case OPEN_BRACE, OPEN_PARENTHESIS, SYMBOL, PI, FRACTION, ROOT, SURD -> primary();
      default -> throw cursor.unreadable();
    };
  }

  private Expression call() {
    Function function = Function.valueOf(cursor.expect(Kind.FUNCTION).text());
    Optional<Expression> exponent = functionExponent();
    boolean inverse =
        exponent.isPresent()
            && exponent.get().equals(new Expression.Negation(ONE))
            && INVERSES.containsKey(function);
    Expression argument = functionArgument();
    if (inverse) {
      return new Expression.Call(INVERSES.get(function), argument);
    }
    Expression call = new Expression.Call(function, argument);
    return exponent.<Expression>map(power -> new Expression.Power(call, power)).orElse(call);
  }

  private Optional<Expression> functionExponent() {
    return cursor.accept(Kind.CARET) ? Optional.of(functionPower()) : Optional.empty();
  }

  private Expression functionPower() {
    if (!cursor.at(Kind.OPEN_BRACE)) {
      return exponent();
    }
    return group();
  }

  private Expression logarithm() {
    cursor.expect(Kind.LOGARITHM);
    Expression base = TEN;
    if (cursor.accept(Kind.UNDERSCORE)) {
      base = cursor.at(Kind.DIGITS) ? integer() : argument();
    }
    Optional<Expression> exponent = functionExponent();
    Expression value = new Expression.Logarithm(base, functionArgument());
    return exponent.<Expression>map(power -> new Expression.Power(value, power)).orElse(value);
  }

  /** What a function takes without brackets: the factors up to a sign or the next function. */
  private Expression functionArgument() {
    arguments++;
    try {
      if (cursor.at(Kind.OPEN_PARENTHESIS)) {
        Expression inside = enclosed(Kind.CLOSE_PARENTHESIS);
        return inDegrees(inside);
      }
      if (cursor.at(Kind.FUNCTION) || cursor.at(Kind.LOGARITHM)) {
        return primary();
      }
      List<Expression> factors = new ArrayList<>();
      factors.add(power());
      while (startsImplicitFactor() && !cursor.at(Kind.FUNCTION) && !cursor.at(Kind.LOGARITHM)) {
        factors.add(power());
      }
      return product(factors);
    } finally {
      arguments--;
    }
  }

  /** Whether {@code f} or {@code g} stands before parentheses: functions that nobody defines. */
  private boolean appliesFunction() {
    String name = cursor.peek().text();
    return (name.equals("f") || name.equals("g")) && cursor.at(1, Kind.OPEN_PARENTHESIS);
  }

  /** A value of an unknown function, known by how it is written alone. */
  private Expression application() {
    StringBuilder written = new StringBuilder(cursor.take().text());
    for (int left = cursor.distanceToClosing(); left >= 0; left--) {
      Token token = cursor.take();
      written.append(token.text().isEmpty() ? " " + token.kind().name() + " " : token.text());
    }
    return new Expression.Symbol(written.toString());
  }

  private Expression wordSymbol() {
    if (!Wording.mayBeProduct(cursor.peek().text())) {
      throw cursor.unreadable();
    }
    return symbol();
  }

  /** The first letter of a run. */
  private Expression symbol() {
    String name = cursor.takePart(1);
    return switch (name) {
      case "e" -> cursor.at(Kind.UNDERSCORE) ? indexed(name) : Constant.E;
      case "i" -> cursor.at(Kind.UNDERSCORE) ? indexed(name) : Constant.I;
      default -> indexed(name);
    };
  }

  private Expression indexed(String name) {
    StringBuilder full = new StringBuilder(name);
    if (cursor.accept(Kind.UNDERSCORE)) {
      full.append('_');
      if (cursor.accept(Kind.OPEN_BRACE)) {
        while (isIndex(cursor.peek())) {
          full.append(indexText(cursor.take()));
        }
        cursor.expect(Kind.CLOSE_BRACE);
      } else if (isIndex(cursor.peek())) {
        full.append(cursor.takePart(1));
      } else {
        throw cursor.unreadable();
      }
    }
    return new Expression.Symbol(full.toString());
  }

  private static boolean isIndex(Token token) {
    return switch (token.kind()) {
      case WORD, TEXT, DIGITS, SYMBOL, COMMA, PLUS, MINUS -> true;
      default -> false;
    };
  }

  private static String indexText(Token token) {
    return switch (token.kind()) {
      case COMMA -> ",";
      case PLUS -> "+";
      case MINUS -> "-";
      default -> token.text();
    };
  }
}

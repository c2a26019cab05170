package dev.drpo.judge.syntax;

import dev.drpo.judge.algebra.Calculus;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Function;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

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
  private static final Expression DEGREE = new Expression.Quotient(Constant.PI, number(180));

  /** More parts than a text of the length allowed has. */
  static final int MAX_PARTS = 5000;

  private final Cursor cursor;
  private final Limits limits;
  private final Numerals numerals;
  private final SymbolParser symbols;
  private final FractionParser fractions;
  private final FunctionParser functions;
  private final MatrixParser matrices;
  private final Budget budget;

  /** Few answers have operators: made on demand. */
  private OperatorParser operators;

  private final DerivativeParser derivatives;
  private final UnitParser units;
  private final SignChoices signs;

  /** How deep in brackets where commas separate; see {@link Numerals#number}. */
  private int brackets;

  private int openBars;
  private int depth;

  ScalarParser(Cursor cursor, Limits limits, Budget budget, UnitParser units, SignChoices signs) {
    this.cursor = cursor;
    this.limits = limits;
    this.numerals = new Numerals(cursor, limits);
    this.symbols = new SymbolParser(cursor);
    this.fractions = new FractionParser(cursor, this, numerals, symbols);
    this.functions = new FunctionParser(cursor, this, fractions);
    this.matrices = new MatrixParser(cursor, this);
    this.budget = budget;
    this.derivatives = new DerivativeParser(cursor);
    this.units = units;
    this.signs = signs;
  }

  private static Expression.Number number(long value) {
    return new Expression.Number(Rational.of(BigInteger.valueOf(value)));
  }

  boolean isInBrackets() {
    return brackets > 0;
  }

  private OperatorParser operators() {
    if (operators == null) {
      Calculus calculus = new Calculus(new Identity(limits, budget, 0), budget);
      operators =
          new OperatorParser(cursor, this, new CalculusParser(cursor, this, calculus), matrices);
    }
    return operators;
  }

  MatrixParser matrices() {
    return matrices;
  }

  /** An entry of a matrix, which may itself stand inside an expression. */
  Expression entry() {
    int outerBars = openBars;
    int outerDepth = depth;
    Expression entry = expression();
    openBars = outerBars;
    depth = outerDepth;
    return entry;
  }

  /** A bound of a sum or an integral; without braces it is one letter or digit long. */
  Expression bound() {
    return cursor.at(Kind.INFINITY) ? taken(Constant.INFINITY) : letterOrDigit();
  }

  Expression letterOrDigit() {
    return fractions.argument();
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
    functions.reset();
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

  Expression sum() {
    List<Expression> terms = new ArrayList<>();
    boolean negative = sign();
    if (cursor.at(Kind.MINUS)) {
      negative ^= sign();
    }
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

  Expression term() {
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

  /** Only behind a factorial or the like does a number multiply without a sign: {@code 3!4!}. */
  private boolean startsNumberBehind(Expression factor) {
    boolean closed =
        factor instanceof Expression.Factorial || factor instanceof Expression.Binomial;
    return closed && cursor.at(Kind.DIGITS);
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

  boolean startsImplicitFactor() {
    if (units.raisedDegree() > 0) {
      return false;
    }
    if (OperatorParser.startsAt(cursor.peek())) {
      return true;
    }
    return switch (cursor.peek().kind()) {
      case WORD -> !units.endsValue(functions.isInArgument());
      case SYMBOL,
          FUNCTION,
          LOGARITHM,
          PI,
          INFINITY,
          BINOMIAL,
          ROOT,
          SURD,
          OPEN_BRACE,
          OPEN_FLOOR,
          OPEN_CEILING ->
          true;
      case FRACTION -> !units.startsFraction();
      case OPEN_PARENTHESIS -> !cursor.at(1, Kind.MODULO);
      case OPEN_BRACKET -> brackets == 0;
      case BAR -> openBars == 0;
      default -> false;
    };
  }

  Expression power() {
    Expression base = postfix();
    if (!cursor.at(Kind.CARET) || units.raisedDegree() > 0) {
      return inDegrees(base);
    }
    cursor.take();
    return new Expression.Power(base, exponent());
  }

  /** An angle in degrees is converted where a function takes it; elsewhere it is a unit. */
  Expression inDegrees(Expression value) {
    int degree = cursor.at(Kind.DEGREE) ? 1 : units.raisedDegree();
    if (!functions.isInArgument() || degree == 0) {
      return value;
    }
    for (int i = 0; i < degree; i++) {
      cursor.take();
    }
    return new Expression.Product(List.of(value, DEGREE));
  }

  Expression exponent() {
    deepen(++depth);
    boolean negative = sign();
    Expression magnitude =
        switch (cursor.peek().kind()) {
          case DIGITS -> fractions.integer();
          case WORD -> symbols.letter();
          default -> primary();
        };
    if (cursor.at(Kind.CARET)) {
      cursor.take();
      magnitude = new Expression.Power(magnitude, exponent());
    }
    depth--;
    return negated(negative, magnitude);
  }

  private Expression postfix() {
    Expression value = primary();
    if (cursor.accept(Kind.FACTORIAL)) {
      if (cursor.accept(Kind.FACTORIAL)) {
        return OperatorParser.doubleFactorial(value).orElseThrow(cursor::unreadable);
      }
      return new Expression.Factorial(value);
    }
    return value;
  }

  Expression primary() {
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
      case DIGITS, DOT -> fractions.number();
      case WORD -> symbols.word(derivatives);
      case TEXT -> symbols.named();
      case SYMBOL -> symbols.indexed(cursor.take().text());
      case PI -> taken(Constant.PI);
      case INFINITY -> taken(Constant.INFINITY);
      case FRACTION -> derivatives.read().orElseGet(fractions::fraction);
      case BINOMIAL -> fractions.binomial();
      case ROOT -> fractions.root();
      case SURD -> fractions.surd();
      case FUNCTION -> functions.call();
      case LOGARITHM -> functions.logarithm();
      case OPEN_PARENTHESIS -> enclosed(Kind.CLOSE_PARENTHESIS);
      case OPEN_BRACKET -> enclosed(Kind.CLOSE_BRACKET);
      case OPEN_BRACE -> group();
      case OPEN_FLOOR -> new Expression.Call(Function.FLOOR, enclosed(Kind.CLOSE_FLOOR));
      case OPEN_CEILING -> new Expression.Call(Function.CEILING, enclosed(Kind.CLOSE_CEILING));
      case BAR -> absoluteValue();
      default -> bounded(operators().read());
    };
  }

  /** Operators that take an operand several times would double it with every nesting. */
  private Expression bounded(Expression value) {
    if (Terms.isLargerThan(value, MAX_PARTS)) {
      throw new LimitExceeded(Limit.NESTING);
    }
    return value;
  }

  private Expression taken(Constant constant) {
    cursor.take();
    return constant;
  }

  Expression enclosed(Kind close) {
    cursor.take();
    int outerBars = openBars;
    openBars = 0;
    Expression inside = sum();
    openBars = outerBars;
    cursor.expect(close);
    return inside;
  }

  Expression group() {
    cursor.expect(Kind.OPEN_BRACE);
    Expression inside = stacked();
    cursor.expect(Kind.CLOSE_BRACE);
    return inside;
  }

  private Expression absoluteValue() {
    cursor.take();
    if (cursor.at(Kind.BEGIN) && !MatrixParser.isDeterminant(cursor.peek())) {
      return matrices.betweenBars();
    }
    openBars++;
    Expression inside = sum();
    openBars--;
    cursor.expect(Kind.BAR);
    return new Expression.Call(Function.ABS, inside);
  }
}

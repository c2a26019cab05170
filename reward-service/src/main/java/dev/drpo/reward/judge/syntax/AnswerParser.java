package dev.drpo.reward.judge.syntax;

import dev.drpo.reward.judge.answer.Answer;
import dev.drpo.reward.judge.answer.Answer.Bracket;
import dev.drpo.reward.judge.answer.Answer.Bracketed;
import dev.drpo.reward.judge.answer.Answer.Combination;
import dev.drpo.reward.judge.answer.Answer.Listing;
import dev.drpo.reward.judge.answer.Answer.Matrix;
import dev.drpo.reward.judge.answer.Answer.NumberSet;
import dev.drpo.reward.judge.answer.Answer.Numeral;
import dev.drpo.reward.judge.answer.Answer.Ratio;
import dev.drpo.reward.judge.answer.Answer.Relation;
import dev.drpo.reward.judge.answer.Answer.Scalar;
import dev.drpo.reward.judge.answer.Answer.SetOperation;
import dev.drpo.reward.judge.answer.Unit;
import dev.drpo.reward.judge.expression.Expression;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.number.Rational;
import dev.drpo.reward.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads an answer of any form but words.
 *
 * <pre>
 * answer   = element { separator element }           a list, if there is more than one
 * element  = set { sign set }                        a relation, if there is more than one
 * set      = operand { ("∪" | "∩" | "∖") operand }
 * operand  = "\{" elements "\}" | bracketed | matrix | number set | numeral | ratio | scalar
 * </pre>
 */
final class AnswerParser {
  private static final Set<Kind> SEPARATORS =
      EnumSet.of(Kind.COMMA, Kind.SEMICOLON, Kind.CONNECTIVE);
  private static final Set<String> MATRICES =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");

  /** Kinds that no scalar contains, so that brackets around them enclose another answer. */
  private static final Predicate<Kind> STRUCTURAL =
      kind ->
          SEPARATORS.contains(kind)
              || sign(kind).isPresent()
              || setOperation(kind).isPresent()
              || kind == Kind.BEGIN
              || kind == Kind.OPEN_SET
              || kind == Kind.EMPTY_SET
              || kind == Kind.NUMBER_SET;

  private final Cursor cursor;
  private final UnitParser units;
  private final SignChoices signs = new SignChoices();
  private final ScalarParser scalars;

  private AnswerParser(List<Token> tokens, Limits limits, Budget budget) {
    this.cursor = new Cursor(tokens, budget);
    this.units = new UnitParser(cursor);
    this.scalars = new ScalarParser(cursor, limits, units, signs);
  }

  /**
   * The answer that the tokens make.
   *
   * @throws Unreadable if they are outside the grammar
   */
  static Answer parse(List<Token> tokens, Limits limits, Budget budget) {
    return new AnswerParser(tokens, limits, budget).whole();
  }

  private Answer whole() {
    if (!cursor.accept(Kind.APPROXIMATELY)) {
      cursor.accept(Kind.EQUALS);
    }
    List<Answer> elements = elements();
    cursor.accept(Kind.DOT);
    cursor.expect(Kind.END);
    return elements.size() == 1 ? elements.getFirst() : new Listing(elements);
  }

  /** Elements whose order doesn't matter; each stands for all that its double signs mean. */
  private List<Answer> elements() {
    List<Answer> elements = new ArrayList<>();
    do {
      elements.addAll(choices());
    } while (acceptSeparator());
    return elements;
  }

  private List<Answer> choices() {
    List<Answer> choices = new ArrayList<>();
    int start = cursor.position();
    signs.reset();
    choices.add(element());
    // One occurrence of a tying sign is known only once the whole element is read.
    int count = signs.count();
    if (count > 1) {
      choices.clear();
      for (int choice = 0; choice < count; choice++) {
        cursor.returnTo(start);
        signs.begin(choice);
        choices.add(element());
      }
    }
    return choices;
  }

  private boolean acceptSeparator() {
    if (!SEPARATORS.contains(cursor.peek().kind())) {
      return false;
    }
    boolean connected = cursor.take().is(Kind.CONNECTIVE);
    // The comma before "and" separates nothing more.
    return connected || cursor.accept(Kind.CONNECTIVE) || !cursor.at(Kind.END);
  }

  private Answer element() {
    Answer first = namedFunction().orElseGet(this::set);
    List<Answer> members = new ArrayList<>(List.of(first));
    List<Relation.Sign> relations = new ArrayList<>();
    Optional<Relation.Sign> sign = sign(cursor.peek().kind());
    while (sign.isPresent()) {
      cursor.take();
      relations.add(sign.get());
      members.add(set());
      sign = sign(cursor.peek().kind());
    }
    return relations.isEmpty() ? first : new Relation(members, relations);
  }

  /** The left side of {@code f(x) = 2x}, which names what the right side is. */
  private Optional<Answer> namedFunction() {
    boolean named =
        isLetter(0)
            && cursor.at(1, Kind.OPEN_PARENTHESIS)
            && isLetter(2)
            && cursor.at(3, Kind.CLOSE_PARENTHESIS)
            && cursor.at(4, Kind.EQUALS);
    if (!named) {
      return label();
    }
    String name = cursor.take().text();
    cursor.take();
    String variable = cursor.take().text();
    cursor.take();
    return Optional.of(Scalar.of(new Expression.Symbol(name + "(" + variable + ")")));
  }

  /** The left side of {@code \text{Area} = 5}. */
  private Optional<Answer> label() {
    int words = 0;
    while (cursor.at(words, Kind.TEXT)) {
      words++;
    }
    if (words == 0 || !cursor.at(words, Kind.EQUALS)) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder(cursor.take().text());
    for (int i = 1; i < words; i++) {
      name.append(' ').append(cursor.take().text());
    }
    return Optional.of(Scalar.of(new Expression.Symbol(name.toString())));
  }

  private boolean isLetter(int ahead) {
    return cursor.at(ahead, Kind.WORD) && cursor.peek(ahead).text().length() == 1;
  }

  private Answer set() {
    Answer left = operand();
    while (true) {
      Optional<SetOperation> operation = setOperation(cursor.peek().kind());
      boolean minus = cursor.at(Kind.MINUS) && !(left instanceof Scalar);
      if (operation.isEmpty() && !minus) {
        return left;
      }
      cursor.take();
      left = new Combination(operation.orElse(SetOperation.DIFFERENCE), left, operand());
    }
  }

  private Answer operand() {
    return switch (cursor.peek().kind()) {
      case EMPTY_SET -> {
        cursor.take();
        yield Listing.EMPTY;
      }
      case NUMBER_SET -> new NumberSet(cursor.take().text());
      case OPEN_SET -> inBraces();
      case OPEN_ANGLE -> bracketed();
      case BEGIN -> matrix();
      case OPEN_PARENTHESIS, OPEN_BRACKET -> inBrackets();
      case OPEN_BRACE -> enclosesStructure() ? group() : scalar();
      default -> scalar();
    };
  }

  private Answer inBraces() {
    cursor.expect(Kind.OPEN_SET);
    if (cursor.accept(Kind.CLOSE_SET)) {
      return Listing.EMPTY;
    }
    scalars.enterBrackets();
    List<Answer> elements = elements();
    if (cursor.accept(Kind.SUCH_THAT) || cursor.accept(Kind.COLON) || cursor.accept(Kind.BAR)) {
      // { x | x > 3 } is what its condition says of x.
      elements = List.of(element());
      scalars.leaveBrackets();
      cursor.expect(Kind.CLOSE_SET);
      return elements.getFirst();
    }
    scalars.leaveBrackets();
    cursor.expect(Kind.CLOSE_SET);
    return new Listing(elements);
  }

  private Answer group() {
    cursor.take();
    Answer inside = element();
    cursor.take();
    return inside;
  }

  private boolean enclosesStructure() {
    int close = cursor.distanceToClosing();
    int open = 0;
    while (open < close) {
      if (cursor.containsAtTopLevel(open + 1, close, STRUCTURAL)) {
        return true;
      }
      // Brackets that only enclose brackets are looked through.
      boolean doubled =
          cursor.peek(open + 1).kind().opens() && cursor.peek(close - 1).kind().closes();
      if (!doubled) {
        return false;
      }
      open++;
      close--;
    }
    return false;
  }

  private Answer inBrackets() {
    Optional<Numeral> numeral = scalars.numerals().inBase();
    if (numeral.isPresent()) {
      return numeral.get();
    }
    if (!enclosesStructure()) {
      return scalar();
    }
    int close = cursor.distanceToClosing();
    boolean tuple =
        cursor.containsAtTopLevel(1, close, kind -> kind == Kind.COMMA || kind == Kind.SEMICOLON);
    return tuple ? bracketed() : group();
  }

  private Bracketed bracketed() {
    Bracket open = cursor.take().is(Kind.OPEN_BRACKET) ? Bracket.SQUARE : Bracket.ROUND;
    scalars.enterBrackets();
    List<Answer> elements = new ArrayList<>();
    do {
      elements.add(element());
    } while (cursor.accept(Kind.COMMA) || cursor.accept(Kind.SEMICOLON));
    scalars.leaveBrackets();
    Bracket close =
        switch (cursor.take().kind()) {
          case CLOSE_BRACKET -> Bracket.SQUARE;
          case CLOSE_PARENTHESIS, CLOSE_ANGLE -> Bracket.ROUND;
          default -> throw cursor.unreadable();
        };
    if (elements.size() < 2) {
      throw cursor.unreadable();
    }
    return new Bracketed(open, elements, close);
  }

  private Matrix matrix() {
    String environment = cursor.expect(Kind.BEGIN).text();
    if (!MATRICES.contains(environment)) {
      throw cursor.unreadable();
    }
    if (environment.equals("array")) {
      columns();
    }
    List<List<Expression>> rows = new ArrayList<>();
    do {
      if (cursor.at(Kind.END_ENVIRONMENT)) {
        break;
      }
      rows.add(row());
    } while (cursor.accept(Kind.NEXT_ROW));
    boolean closed = cursor.expect(Kind.END_ENVIRONMENT).text().equals(environment);
    boolean rectangular =
        !rows.isEmpty() && rows.stream().allMatch(row -> row.size() == rows.getFirst().size());
    if (!closed || !rectangular) {
      throw cursor.unreadable();
    }
    return new Matrix(rows);
  }

  private void columns() {
    cursor.expect(Kind.OPEN_BRACE);
    while (cursor.at(Kind.WORD) || cursor.at(Kind.BAR)) {
      cursor.take();
    }
    cursor.expect(Kind.CLOSE_BRACE);
  }

  private List<Expression> row() {
    List<Expression> row = new ArrayList<>();
    do {
      row.add(scalars.expression());
    } while (cursor.accept(Kind.NEXT_CELL));
    return row;
  }

  private Answer scalar() {
    Optional<Numeral> numeral = scalars.numerals().inBase();
    if (numeral.isPresent()) {
      return numeral.get();
    }
    Optional<Unit> currency = currencyBefore();
    if (currency.isPresent()) {
      return money(currency.get());
    }
    Expression value = scalars.expression();
    if (cursor.at(Kind.COLON)) {
      return ratio(value);
    }
    return units.starts() ? measured(value) : Scalar.of(value);
  }

  /** A currency sign before the number, with a sign or a country before it: {@code -US\$5}. */
  private Optional<Unit> currencyBefore() {
    int ahead = cursor.at(Kind.MINUS) || cursor.at(Kind.PLUS) ? 1 : 0;
    boolean country = cursor.peek(ahead).isLetters() && cursor.peek(ahead).text().equals("US");
    int sign = country ? ahead + 1 : ahead;
    return cursor.at(sign, Kind.CURRENCY)
        ? Optional.of(Unit.of(cursor.peek(sign).text(), ScalarParser.ONE.value()))
        : Optional.empty();
  }

  private Answer money(Unit currency) {
    boolean negative = cursor.at(Kind.MINUS);
    while (!cursor.take().is(Kind.CURRENCY)) {}
    Expression amount = scalars.expression();
    if (units.starts() && !units.unit().measuresSameAs(currency)) {
      throw cursor.unreadable();
    }
    return new Scalar(negative ? new Expression.Negation(amount) : amount, currency);
  }

  private Answer ratio(Expression first) {
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (cursor.accept(Kind.COLON)) {
      parts.add(scalars.expression());
    }
    return new Ratio(parts, halfOfDay());
  }

  /** The letters of {@code a.m.} or {@code p.m.} behind a time. */
  private Optional<String> halfOfDay() {
    StringBuilder letters = new StringBuilder();
    while (cursor.peek().isLetters()) {
      letters.append(cursor.take().text());
      cursor.accept(Kind.DOT);
    }
    String half = letters.toString().toLowerCase(Locale.ROOT);
    return switch (half) {
      case "" -> Optional.empty();
      case "am", "pm" -> Optional.of(half);
      default -> throw cursor.unreadable();
    };
  }

  /** A quantity, which may be written in several units: {@code 5 feet 6 inches}. */
  private Answer measured(Expression value) {
    Unit unit = units.unit();
    Expression total = value;
    while (scalars.numerals().starts() && !unit.isNone()) {
      Expression part = scalars.expression();
      Unit partUnit = units.unit();
      if (!partUnit.measuresSameAs(unit)) {
        throw cursor.unreadable();
      }
      Rational factor = partUnit.scale().dividedBy(unit.scale());
      total =
          new Expression.Sum(
              List.of(total, new Expression.Product(List.of(part, new Expression.Number(factor)))));
    }
    return new Scalar(total, unit);
  }

  private static Optional<Relation.Sign> sign(Kind kind) {
    return switch (kind) {
      case EQUALS, APPROXIMATELY -> Optional.of(Relation.Sign.EQUAL);
      case NOT_EQUALS -> Optional.of(Relation.Sign.NOT_EQUAL);
      case LESS -> Optional.of(Relation.Sign.LESS);
      case LESS_OR_EQUAL -> Optional.of(Relation.Sign.LESS_OR_EQUAL);
      case GREATER -> Optional.of(Relation.Sign.GREATER);
      case GREATER_OR_EQUAL -> Optional.of(Relation.Sign.GREATER_OR_EQUAL);
      case ELEMENT_OF -> Optional.of(Relation.Sign.ELEMENT_OF);
      default -> Optional.empty();
    };
  }

  private static Optional<SetOperation> setOperation(Kind kind) {
    return switch (kind) {
      case UNION -> Optional.of(SetOperation.UNION);
      case INTERSECTION -> Optional.of(SetOperation.INTERSECTION);
      case SET_MINUS -> Optional.of(SetOperation.DIFFERENCE);
      default -> Optional.empty();
    };
  }
}

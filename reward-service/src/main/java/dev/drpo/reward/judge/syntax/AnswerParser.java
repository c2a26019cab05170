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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

    Answer answer = elements();
    cursor.accept(Kind.DOT);
    cursor.accept(Kind.NEXT_ROW);
    cursor.expect(Kind.END);
    return answer;
  }

  /**
   * Elements whose order doesn't matter; each stands for all that its double signs mean. Conditions
   * joined by a word are one condition.
   */
  private Answer elements() {
    List<Answer> elements = new ArrayList<>();
    Set<String> separators = new HashSet<>();
    do {
      elements.addAll(choices());
    } while (acceptSeparator(separators));
    if (elements.size() == 1) {
      return elements.getFirst();
    }
    boolean conditions = elements.stream().allMatch(AnswerParser::isCondition);
    if (conditions && separators.equals(Set.of("and"))) {
      return combined(SetOperation.INTERSECTION, elements);
    }
    return conditions && separators.equals(Set.of("or"))
        ? combined(SetOperation.UNION, elements)
        : new Listing(elements);
  }

  /** Whether an element restricts a symbol rather than giving it a value. */
  private static boolean isCondition(Answer element) {
    return switch (element) {
      case Relation relation ->
          relation.signs().stream().noneMatch(sign -> sign == Relation.Sign.EQUAL);
      // A pair with one end in and one out, or without end, is no point.
      case Bracketed pair ->
          pair.elements().size() == 2
              && (pair.open() != pair.close()
                  || pair.elements().stream().anyMatch(AnswerParser::isInfinite));
      case Combination combination -> true;
      default -> false;
    };
  }

  private static boolean isInfinite(Answer end) {
    return end instanceof Scalar(Expression value, Unit unit)
        && (value.equals(Expression.Constant.INFINITY)
            || value.equals(new Expression.Negation(Expression.Constant.INFINITY)));
  }

  private static Answer combined(SetOperation operation, List<Answer> elements) {
    return elements.stream()
        .reduce((left, right) -> new Combination(operation, left, right))
        .orElseThrow();
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

  private boolean acceptSeparator(Set<String> seen) {
    if (!SEPARATORS.contains(cursor.peek().kind())) {
      return false;
    }
    Token separator = cursor.take();
    if (!separator.is(Kind.CONNECTIVE) && cursor.at(Kind.CONNECTIVE)) {
      // The comma before "and" separates nothing more.
      separator = cursor.take();
    }
    seen.add(separator.text());
    return separator.is(Kind.CONNECTIVE) || !cursor.at(Kind.END);
  }

  private Answer element() {
    Answer first = namedFunction().orElseGet(this::set);
    List<Answer> members = new ArrayList<>(List.of(first));
    List<Relation.Sign> relations = new ArrayList<>();
    Optional<Relation.Sign> sign = sign(cursor.peek().kind());
    while (sign.isPresent()) {
      boolean approximate = cursor.take().is(Kind.APPROXIMATELY);
      Answer member = set();
      // What follows in decimals only illustrates the exact value before.
      if (!approximate) {
        relations.add(sign.get());
        members.add(member);
      }
      sign = sign(cursor.peek().kind());
    }
    return relations.isEmpty() ? first : new Relation(members, relations);
  }

  /** The left side of {@code f(x) = 2x}, which names what the right side is. */
  private Optional<Answer> namedFunction() {
    if (!isLetter(0) || !cursor.at(1, Kind.OPEN_PARENTHESIS)) {
      return label();
    }
    int start = cursor.position();
    Token name = cursor.take();
    int close = cursor.distanceToClosing();
    boolean named = cursor.at(close + 1, Kind.EQUALS);
    if (!named) {
      cursor.returnTo(start);
      return Optional.empty();
    }
    StringBuilder written = new StringBuilder(name.text());
    for (int left = close; left >= 0; left--) {
      Token token = cursor.take();
      written.append(token.text().isEmpty() ? " " + token.kind() + " " : token.text());
    }
    return Optional.of(Scalar.of(new Expression.Symbol(written.toString())));
  }

  /** The left side of {@code \text{Area} = 5} and of {@code m\angle ABC = 5}. */
  private Optional<Answer> label() {
    int words = 0;
    boolean text = false;
    while (cursor.peek(words).isLetters()) {
      text |= cursor.at(words, Kind.TEXT);
      words++;
    }
    if (!text || !cursor.at(words, Kind.EQUALS)) {
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
      case BEGIN -> transposed(matrix());
      case OPEN_PARENTHESIS, OPEN_BRACKET -> namesChoice() ? enclosedChoice() : inBrackets();
      case OPEN_BRACE -> enclosesStructure() ? group() : scalar();
      case TEXT ->
          scalars.numerals().inBase().<Answer>map(numeral -> numeral).orElseGet(this::words);
      case WORD -> isNamedPoint() ? namedPoint() : scalarOrMultiple();
      default -> scalarOrMultiple();
    };
  }

  /** Whether a letter of text in parentheses names a choice. */
  private boolean namesChoice() {
    return cursor.at(Kind.OPEN_PARENTHESIS)
        && cursor.at(1, Kind.TEXT)
        && cursor.peek(1).text().length() == 1
        && cursor.at(2, Kind.CLOSE_PARENTHESIS)
        && !cursor.at(3, Kind.UNDERSCORE);
  }

  private Answer enclosedChoice() {
    cursor.take();
    Answer choice = words();
    cursor.take();
    return choice;
  }

  /** Words beside mathematics, such as the elements of a set of names. */
  private Answer words() {
    List<Token> words = new ArrayList<>();
    while (cursor.at(Kind.TEXT)) {
      words.add(cursor.take());
    }
    if (words.size() > WordsParser.MOST_WORDS) {
      throw cursor.unreadable();
    }
    return WordsParser.element(words.stream().map(Token::text).toList());
  }

  /** Whether a point's name stands before its coordinates: {@code P(2, -3)}. */
  private boolean isNamedPoint() {
    if (!isLetter(0)
        || !Character.isUpperCase(cursor.peek().text().charAt(0))
        || !cursor.at(1, Kind.OPEN_PARENTHESIS)) {
      return false;
    }
    int start = cursor.position();
    cursor.take();
    boolean pair =
        cursor.containsAtTopLevel(1, cursor.distanceToClosing(), kind -> kind == Kind.COMMA);
    cursor.returnTo(start);
    return pair;
  }

  private Answer namedPoint() {
    cursor.take();
    return bracketed();
  }

  /** A scalar, or a matrix with a factor before it. */
  private Answer scalarOrMultiple() {
    int begin = 0;
    while (!cursor.at(begin, Kind.BEGIN)) {
      Kind kind = cursor.peek(begin).kind();
      if (kind == Kind.END || SEPARATORS.contains(kind) || sign(kind).isPresent()) {
        return scalar();
      }
      begin++;
    }
    Expression factor = scalars.factor();
    List<List<Expression>> rows =
        matrix().rows().stream()
            .map(
                row ->
                    row.stream()
                        .<Expression>map(entry -> new Expression.Product(List.of(factor, entry)))
                        .toList())
            .toList();
    return new Matrix(rows);
  }

  private Answer inBraces() {
    cursor.expect(Kind.OPEN_SET);
    if (cursor.accept(Kind.CLOSE_SET)) {
      return Listing.EMPTY;
    }
    scalars.enterBrackets();
    boolean built = acceptSetBuilder();
    Answer inside = elements();
    scalars.leaveBrackets();
    cursor.expect(Kind.CLOSE_SET);
    return built || inside instanceof Listing ? inside : new Listing(List.of(inside));
  }

  /** The beginning of {@code x : x > 3}, a set that is what its condition says of x. */
  private boolean acceptSetBuilder() {
    boolean member = cursor.at(1, Kind.ELEMENT_OF) && cursor.at(2, Kind.NUMBER_SET);
    int bar = member ? 3 : 1;
    boolean built =
        isLetter(0)
            && (cursor.at(bar, Kind.SUCH_THAT)
                || cursor.at(bar, Kind.COLON)
                || cursor.at(bar, Kind.BAR));
    for (int i = 0; built && i <= bar; i++) {
      cursor.take();
    }
    return built;
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
      if (cursor.containsAtTopLevel(open + 1, close, AnswerParser::isStructural)) {
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

  /** The matrix, with rows for columns if a raised T says so. */
  private Matrix transposed(Matrix matrix) {
    if (!cursor.at(Kind.CARET)) {
      return matrix;
    }
    cursor.take();
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    if (!cursor.take().text().equals("T") || (braced && !cursor.accept(Kind.CLOSE_BRACE))) {
      throw cursor.unreadable();
    }
    List<List<Expression>> columns = new ArrayList<>();
    for (int i = 0; i < matrix.rows().getFirst().size(); i++) {
      int column = i;
      columns.add(matrix.rows().stream().map(row -> row.get(column)).toList());
    }
    return new Matrix(columns);
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
    Unit unit = units.starts() ? currencyBehind(currency) : currency;
    return new Scalar(negative ? new Expression.Negation(amount) : amount, unit);
  }

  /** What stands behind an amount of money: a factor such as a million, or its name again. */
  private Unit currencyBehind(Unit currency) {
    Unit unit = units.unit();
    if (unit.dimensions().isEmpty()) {
      return unit.times(currency);
    }
    if (!unit.measuresSameAs(currency)) {
      throw cursor.unreadable();
    }
    return unit;
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

  /** Whether no scalar contains a kind, so that brackets around it enclose another answer. */
  private static boolean isStructural(Kind kind) {
    return SEPARATORS.contains(kind)
        || sign(kind).isPresent()
        || setOperation(kind).isPresent()
        || kind == Kind.BEGIN
        || kind == Kind.OPEN_SET
        || kind == Kind.EMPTY_SET
        || kind == Kind.NUMBER_SET;
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

package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.SetOperation;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
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

  private final Cursor cursor;
  private final SignChoices signs = new SignChoices();
  private final ScalarParser scalars;
  private final NameParser names;
  private final QuantityParser quantities;
  private final MatrixParser matrices;
  private final SetParser sets;
  private final CasesParser cases;
  private final CongruenceParser congruences;

  private AnswerParser(List<Token> tokens, Limits limits, Budget budget) {
    this.cursor = new Cursor(tokens, budget);
    UnitParser units = new UnitParser(cursor);
    this.scalars = new ScalarParser(cursor, limits, budget, units, signs);
    this.names = new NameParser(cursor);
    this.quantities = new QuantityParser(cursor, scalars, units);
    this.matrices = scalars.matrices();
    this.cases = new CasesParser(cursor, this);
    this.sets = new SetParser(cursor, scalars, this);
    this.congruences = new CongruenceParser(cursor, scalars);
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
  Answer elements() {
    Set<String> separators = new HashSet<>();
    List<Answer> elements = elements(separators);
    if (elements.size() == 1) {
      return elements.getFirst();
    }
    boolean conditions =
        elements.stream().allMatch(AnswerParser::mayBeCondition)
            && elements.stream().anyMatch(AnswerParser::isCondition);
    Optional<Answer> family = Families.of(elements);
    if (family.isPresent()) {
      return family.get();
    }
    boolean exclusions = elements.stream().allMatch(AnswerParser::isExclusion);
    if ((conditions && separators.equals(Set.of("and"))) || exclusions) {
      return combined(SetOperation.INTERSECTION, elements);
    }
    return conditions && separators.equals(Set.of("or"))
        ? combined(SetOperation.UNION, elements)
        : new Listing(elements, separators.equals(Set.of("or")));
  }

  List<Answer> elements(Set<String> separators) {
    List<Answer> elements = new ArrayList<>();
    do {
      elements.addAll(choices());
    } while (acceptSeparator(separators));
    return congruences.shared(elements);
  }

  private static boolean mayBeCondition(Answer element) {
    return isCondition(element)
        || (element instanceof Bracketed pair && pair.elements().size() == 2);
  }

  /** Whether an element restricts a symbol rather than giving it a value. */
  private static boolean isCondition(Answer element) {
    return switch (element) {
      case Relation relation -> relation.signs().stream().noneMatch(AnswerParser::givesValue);
      // A pair with one end in and one out, or without end, is no point.
      case Bracketed pair ->
          pair.elements().size() == 2
              && (pair.open() != pair.close()
                  || pair.elements().stream().anyMatch(AnswerParser::isInfinite));
      case Combination combination -> true;
      default -> false;
    };
  }

  /** Whether an element only takes a value away, so that several of them hold together. */
  private static boolean isExclusion(Answer element) {
    return element instanceof Relation relation
        && relation.signs().equals(List.of(Relation.Sign.NOT_EQUAL));
  }

  private static boolean givesValue(Relation.Sign sign) {
    return sign == Relation.Sign.EQUAL || sign == Relation.Sign.APPROXIMATELY;
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

  /** An element once for each choice that its own double signs leave open. */
  private List<Answer> choices() {
    SignChoices.State outer = signs.save();
    int start = cursor.position();
    signs.reset();
    List<Answer> choices = new ArrayList<>(List.of(element()));
    // How many there are is known only once the whole element is read.
    int count = signs.count();
    for (int choice = 1; choice < count; choice++) {
      cursor.returnTo(start);
      signs.begin(choice);
      choices.add(element());
    }
    signs.restore(outer);
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
    boolean ends =
        cursor.at(Kind.END) || cursor.at(Kind.NEXT_ROW) || cursor.at(Kind.END_ENVIRONMENT);
    return separator.is(Kind.CONNECTIVE) || !ends;
  }

  Answer element() {
    Answer first = names.leftSide().orElseGet(this::set);
    List<Answer> members = new ArrayList<>(List.of(first));
    List<Relation.Sign> relations = new ArrayList<>();
    Optional<Relation.Sign> sign = sign(cursor.peek().kind());
    while (sign.isPresent()) {
      cursor.take();
      relations.add(sign.get());
      members.add(NameParser.inFormula(set(), first));
      sign = sign(cursor.peek().kind());
    }
    return congruences.withModulus(relations.isEmpty() ? first : new Relation(members, relations));
  }

  Answer set() {
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
      case NUMBER_SET -> sets.number();
      case OPEN_SET -> sets.inBraces();
      case ELLIPSIS -> {
        cursor.take();
        yield Sequences.DOTS;
      }
      case OPEN_ANGLE -> bracketed();
      case BEGIN -> environment();
      case OPEN_PARENTHESIS, OPEN_BRACKET -> namesChoice() ? enclosedChoice() : inBrackets();
      case OPEN_BRACE -> enclosesStructure() ? group() : quantities.read();
      case TEXT ->
          startsFormula()
              ? quantities.read()
              : scalars.numerals().inBase().<Answer>map(numeral -> numeral).orElseGet(this::words);
      case WORD -> names.startPoint() ? namedPoint() : scalarOrMultiple();
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
    if (words.size() > WordsParser.MAX_WORDS) {
      throw cursor.unreadable();
    }
    return WordsParser.element(words.stream().map(Token::text).toList());
  }

  private Answer namedPoint() {
    cursor.take();
    return bracketed();
  }

  private Answer environment() {
    if (cursor.peek().text().equals(CasesParser.ENVIRONMENT)) {
      return cases.read();
    }
    return MatrixParser.isDeterminant(cursor.peek()) ? quantities.read() : matrices.sum();
  }

  /** Whether a word is a name in a formula: {@code \text{revenue} - \text{cost}}. */
  private boolean startsFormula() {
    return switch (cursor.peek(1).kind()) {
      case PLUS, MINUS, TIMES, SLASH, CARET -> Wording.mayBeCounted(cursor.peek().text());
      default -> false;
    };
  }

  /** A scalar, or a matrix with a factor before it. */
  private Answer scalarOrMultiple() {
    int begin = 0;
    while (!cursor.at(begin, Kind.BEGIN)) {
      Kind kind = cursor.peek(begin).kind();
      if (kind == Kind.END
          || kind == Kind.MATRIX_FUNCTION
          || kind == Kind.BAR
          || SEPARATORS.contains(kind)
          || sign(kind).isPresent()) {
        return quantities.read();
      }
      begin++;
    }
    return MatrixParser.isDeterminant(cursor.peek(begin)) ? quantities.read() : matrices.sum();
  }

  private Answer group() {
    Kind close =
        switch (cursor.take().kind()) {
          case OPEN_PARENTHESIS -> Kind.CLOSE_PARENTHESIS;
          case OPEN_BRACKET -> Kind.CLOSE_BRACKET;
          default -> Kind.CLOSE_BRACE;
        };
    Answer inside = element();
    cursor.expect(close);
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
    if (!enclosesStructure()) {
      return quantities.read();
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

  static Optional<Relation.Sign> sign(Kind kind) {
    return switch (kind) {
      case EQUALS -> Optional.of(Relation.Sign.EQUAL);
      case APPROXIMATELY -> Optional.of(Relation.Sign.APPROXIMATELY);
      case NOT_EQUALS -> Optional.of(Relation.Sign.NOT_EQUAL);
      case LESS -> Optional.of(Relation.Sign.LESS);
      case LESS_OR_EQUAL -> Optional.of(Relation.Sign.LESS_OR_EQUAL);
      case GREATER -> Optional.of(Relation.Sign.GREATER);
      case GREATER_OR_EQUAL -> Optional.of(Relation.Sign.GREATER_OR_EQUAL);
      case ELEMENT_OF -> Optional.of(Relation.Sign.ELEMENT_OF);
      case NOT_ELEMENT_OF -> Optional.of(Relation.Sign.NOT_ELEMENT_OF);
      case CONGRUENT -> Optional.of(Relation.Sign.CONGRUENT);
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

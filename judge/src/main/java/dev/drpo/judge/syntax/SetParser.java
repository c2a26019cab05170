package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.SetBuilder;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Reads what stands in the braces of a set, and the sets of numbers that have letters.
 *
 * <pre>
 * set    = "\{" ( elements | variable [ "∈" base ] bar condition | values bar index "∈" base ) "\}"
 * number = letter [ ("^" | "_") restriction ]
 * </pre>
 */
final class SetParser {
  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final String MEMBER = "x";

  private final Cursor cursor;
  private final ScalarParser scalars;
  private final AnswerParser answers;

  SetParser(Cursor cursor, ScalarParser scalars, AnswerParser answers) {
    this.cursor = cursor;
    this.scalars = scalars;
    this.answers = answers;
  }

  Answer inBraces() {
    cursor.expect(Kind.OPEN_SET);
    if (cursor.accept(Kind.CLOSE_SET)) {
      return Listing.EMPTY;
    }
    scalars.enterBrackets();
    Answer inside = inside();
    scalars.leaveBrackets();
    cursor.expect(Kind.CLOSE_SET);
    return inside;
  }

  private Answer inside() {
    if (isLetter(0) && cursor.at(1, Kind.ELEMENT_OF)) {
      return ofMembers();
    }
    if (isLetter(0) && startsCondition(1)) {
      String variable = cursor.take().text();
      cursor.take();
      return new SetBuilder(variable, new NumberSet("R"), answers.elements());
    }
    separateIndex();
    List<Answer> elements = answers.elements(new HashSet<>());
    if (cursor.accept(Kind.SUCH_THAT)) {
      return family(elements);
    }
    return Sequences.of(elements).orElseGet(() -> new Listing(elements));
  }

  private boolean isLetter(int ahead) {
    return (cursor.at(ahead, Kind.WORD) && cursor.peek(ahead).text().length() == 1)
        || cursor.at(ahead, Kind.SYMBOL);
  }

  private boolean startsCondition(int ahead) {
    return cursor.at(ahead, Kind.SUCH_THAT)
        || cursor.at(ahead, Kind.COLON)
        || cursor.at(ahead, Kind.BAR);
  }

  /** {@code x ∈ base}, with or without a condition behind it. */
  private Answer ofMembers() {
    String variable = cursor.take().text();
    cursor.expect(Kind.ELEMENT_OF);
    Answer base = answers.set();
    if (cursor.at(Kind.CLOSE_SET)) {
      return base;
    }
    if (!startsCondition(0) && !cursor.at(Kind.COMMA)) {
      throw cursor.unreadable();
    }
    cursor.take();
    return new SetBuilder(variable, base, answers.elements());
  }

  /** Marks the bar before {@code index ∈ base}, which may be written like that of a ratio. */
  private void separateIndex() {
    int end = cursor.distanceToEnclosingEnd();
    for (int ahead = 1; ahead + 3 < end; ahead++) {
      if (startsCondition(ahead) && isLetter(ahead + 1) && cursor.at(ahead + 2, Kind.ELEMENT_OF)) {
        cursor.retype(ahead, Kind.SUCH_THAT);
        return;
      }
    }
  }

  private Answer family(List<Answer> values) {
    String index = cursor.take().text();
    cursor.expect(Kind.ELEMENT_OF);
    return new Answer.Family(values, index, answers.set());
  }

  /** The set of a letter, such as that of the reals, and what restricts it. */
  Answer number() {
    NumberSet letter = new NumberSet(cursor.expect(Kind.NUMBER_SET).text());
    if (cursor.at(Kind.CARET)) {
      cursor.take();
      return raised(letter);
    }
    return cursor.accept(Kind.UNDERSCORE) ? lowered(letter) : letter;
  }

  private Answer raised(NumberSet letter) {
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    Token token = cursor.take();
    Answer set =
        switch (token.kind()) {
          case PLUS -> restricted(letter, Relation.Sign.GREATER);
          case MINUS -> restricted(letter, Relation.Sign.LESS);
          case TIMES -> restricted(letter, Relation.Sign.NOT_EQUAL);
          case DIGITS, WORD -> new NumberSet(letter.name() + "^" + token.text());
          default -> throw cursor.unreadable();
        };
    if (braced) {
      cursor.expect(Kind.CLOSE_BRACE);
    }
    return set;
  }

  private Answer lowered(NumberSet letter) {
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    Optional<Relation.Sign> sign = AnswerParser.sign(cursor.peek().kind());
    Answer set;
    if (sign.isPresent() && braced) {
      cursor.take();
      Expression bound = scalars.expression();
      set = new SetBuilder(MEMBER, letter, relation(sign.get(), bound));
    } else {
      set =
          switch (cursor.take().kind()) {
            case PLUS -> restricted(letter, Relation.Sign.GREATER);
            case MINUS -> restricted(letter, Relation.Sign.LESS);
            default -> throw cursor.unreadable();
          };
    }
    if (braced) {
      cursor.expect(Kind.CLOSE_BRACE);
    }
    return set;
  }

  private static Answer restricted(NumberSet letter, Relation.Sign sign) {
    return new SetBuilder(MEMBER, letter, relation(sign, ZERO));
  }

  private static Relation relation(Relation.Sign sign, Expression bound) {
    return new Relation(
        List.of(Scalar.of(new Expression.Symbol(MEMBER)), Scalar.of(bound)), List.of(sign));
  }
}

package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Terms;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads names that stand before what an answer says. */
final class NameParser {
  /** Letters that multiply a sum in parentheses, rather than depend on it. */
  private static final Set<String> VARIABLES = Set.of("x", "y", "z");

  private final Cursor cursor;

  NameParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /**
   * The left side of {@code f(x) = 2x} and of {@code |A| = 5}, which names what the right side is.
   */
  Optional<Answer> leftSide() {
    if (cursor.at(Kind.BAR) && isLetter(1) && cursor.at(2, Kind.BAR) && cursor.at(3, Kind.EQUALS)) {
      cursor.take();
      String sized = cursor.take().text();
      cursor.take();
      return Optional.of(Scalar.of(new Expression.Symbol("|" + sized + "|")));
    }
    int primes = 0;
    while (cursor.at(primes + 1, Kind.APOSTROPHE)) {
      primes++;
    }
    if (isInverse()) {
      return inverse();
    }
    if (!isLetter(0) || !cursor.at(primes + 1, Kind.OPEN_PARENTHESIS)) {
      return label();
    }
    int start = cursor.position();
    String name = cursor.take().text() + "'".repeat(primes);
    for (int i = 0; i < primes; i++) {
      cursor.take();
    }
    int close = cursor.distanceToClosing();
    boolean product =
        VARIABLES.contains(name)
            && cursor.containsAtTopLevel(1, close, kind -> kind == Kind.PLUS || kind == Kind.MINUS);
    boolean named = cursor.at(close + 1, Kind.EQUALS) && !product;
    if (!named) {
      cursor.returnTo(start);
      return Optional.empty();
    }
    return Optional.of(Scalar.of(new Expression.Symbol(name + cursor.takeBracketed())));
  }

  /** Whether {@code f^{-1}(} stands here. */
  private boolean isInverse() {
    return isLetter(0)
        && cursor.at(1, Kind.CARET)
        && cursor.at(2, Kind.OPEN_BRACE)
        && cursor.at(3, Kind.MINUS)
        && cursor.peek(4).text().equals("1")
        && cursor.at(5, Kind.CLOSE_BRACE)
        && cursor.at(6, Kind.OPEN_PARENTHESIS);
  }

  private Optional<Answer> inverse() {
    int start = cursor.position();
    String name = cursor.take().text() + "^{-1}";
    for (int i = 0; i < 5; i++) {
      cursor.take();
    }
    if (!cursor.at(cursor.distanceToClosing() + 1, Kind.EQUALS)) {
      cursor.returnTo(start);
      return Optional.empty();
    }
    return Optional.of(Scalar.of(new Expression.Symbol(name + cursor.takeBracketed())));
  }

  /** The left side of {@code \text{Area} = 5} and of {@code m\angle ABC = 5}. */
  private Optional<Answer> label() {
    int words = 0;
    boolean text = false;
    while (cursor.peek(words).isLetters()) {
      text |= cursor.at(words, Kind.TEXT) || Wording.isWord(cursor.peek(words).text());
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

  /** A word that a formula is said to equal, as the name that it is there. */
  static Answer inFormula(Answer member, Answer first) {
    boolean formula =
        first instanceof Scalar(Expression value, Unit _)
            && !(value instanceof Expression.Symbol)
            && Terms.anySymbol(value);
    return formula && member instanceof Answer.Words(List<String> words) && words.size() == 1
        ? Scalar.of(new Expression.Symbol(words.getFirst()))
        : member;
  }

  private boolean isLetter(int ahead) {
    return cursor.at(ahead, Kind.WORD) && cursor.peek(ahead).text().length() == 1;
  }

  /** Whether a point's name stands before its coordinates: {@code P(2, -3)}. */
  boolean startPoint() {
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
}

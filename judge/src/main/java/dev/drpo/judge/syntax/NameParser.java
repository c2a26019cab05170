package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.Optional;

/** Reads names that stand before what an answer says. */
final class NameParser {
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
    return Optional.of(Scalar.of(new Expression.Symbol(name.text() + cursor.takeBracketed())));
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

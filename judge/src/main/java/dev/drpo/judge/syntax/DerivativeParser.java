package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.Optional;

/**
 * Reads derivatives, each of which is one name: {@code \frac{dM}{dt}}, {@code dM/dt}, {@code
 * \frac{\partial u}{\partial x}}, {@code \frac{d^2y}{dx^2}}.
 */
final class DerivativeParser {
  private final Cursor cursor;

  DerivativeParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** The derivative that begins here, if one does. */
  Optional<Expression> read() {
    boolean fraction = cursor.at(Kind.FRACTION);
    int start = fraction ? 1 : 0;
    int top = part(start, fraction);
    if (top == 0) {
      return Optional.empty();
    }
    int middle = fraction ? top : cursor.at(top, Kind.SLASH) ? top + 1 : 0;
    int end = middle == 0 ? 0 : part(middle, fraction);
    if (end == 0) {
      return Optional.empty();
    }
    String name = name(start, top) + "/" + name(middle, end);
    for (int i = 0; i < end; i++) {
      cursor.take();
    }
    return Optional.of(new Expression.Symbol(name));
  }

  private String name(int from, int to) {
    StringBuilder name = new StringBuilder();
    for (int ahead = from; ahead < to; ahead++) {
      Token token = cursor.peek(ahead);
      if (!token.is(Kind.OPEN_BRACE) && !token.is(Kind.CLOSE_BRACE)) {
        name.append(token.written());
      }
    }
    return name.toString();
  }

  /** Tokens ahead behind {@code dy}, {@code d^2y} or {@code dx^2}; 0 if none of them is there. */
  private int part(int from, boolean braced) {
    if (braced && !cursor.at(from, Kind.OPEN_BRACE)) {
      return 0;
    }
    int ahead = braced ? from + 1 : from;
    Token sign = cursor.peek(ahead);
    boolean plain = sign.is(Kind.WORD) && sign.text().startsWith("d") && sign.text().length() <= 2;
    boolean partial = sign.is(Kind.SYMBOL) && sign.text().equals("\\partial");
    if (!plain && !partial) {
      return 0;
    }
    ahead++;
    if (partial || sign.text().length() == 1) {
      ahead = behindOrder(ahead);
      Token variable = cursor.peek(ahead);
      boolean letter = variable.is(Kind.WORD) && variable.text().length() == 1;
      if (!letter && !variable.is(Kind.SYMBOL)) {
        return 0;
      }
      ahead++;
    }
    ahead = behindOrder(ahead);
    return !braced ? ahead : cursor.at(ahead, Kind.CLOSE_BRACE) ? ahead + 1 : 0;
  }

  private int behindOrder(int ahead) {
    if (!cursor.at(ahead, Kind.CARET)) {
      return ahead;
    }
    boolean braced =
        cursor.at(ahead + 1, Kind.OPEN_BRACE)
            && cursor.at(ahead + 2, Kind.DIGITS)
            && cursor.at(ahead + 3, Kind.CLOSE_BRACE);
    return braced ? ahead + 4 : cursor.at(ahead + 1, Kind.DIGITS) ? ahead + 2 : ahead;
  }
}

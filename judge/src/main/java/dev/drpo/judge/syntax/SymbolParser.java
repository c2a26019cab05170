package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.Optional;
import java.util.Set;

/** Reads symbols with their indices, and values of functions that nobody defines. */
final class SymbolParser {
  /** Functions that stand for themselves only before a variable in parentheses: {@code p(x)}. */
  private static final Set<String> KNOWN_BY_ARGUMENT = Set.of("p", "q", "h", "P", "Q", "F", "G");

  private static final Set<String> ARGUMENTS = Set.of("x", "y", "z", "t");

  private final Cursor cursor;

  SymbolParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Whether {@code f} or {@code g} stands before parentheses: functions that nobody defines. */
  private boolean appliesFunction() {
    String name = cursor.peek().text();
    int primes = 0;
    while (cursor.at(primes + 1, Kind.APOSTROPHE)) {
      primes++;
    }
    boolean known = name.equals("f") || name.equals("g");
    boolean named = KNOWN_BY_ARGUMENT.contains(name) && isOneOf(ARGUMENTS, primes + 2);
    return (known || (named && cursor.at(primes + 3, Kind.CLOSE_PARENTHESIS)))
        && cursor.at(primes + 1, Kind.OPEN_PARENTHESIS);
  }

  private boolean isOneOf(Set<String> letters, int ahead) {
    return cursor.at(ahead, Kind.WORD) && letters.contains(cursor.peek(ahead).text());
  }

  /** What letters are: a derivative, a value of an unknown function, or symbols. */
  Expression word(DerivativeParser derivatives) {
    if (cursor.peek().text().charAt(0) == 'd') {
      Optional<Expression> derivative = derivatives.read();
      if (derivative.isPresent()) {
        return derivative.get();
      }
    }
    return appliesFunction() ? application() : letters();
  }

  /** A value of an unknown function, known by how it is written alone. */
  private Expression application() {
    StringBuilder name = new StringBuilder(cursor.take().text());
    while (cursor.accept(Kind.APOSTROPHE)) {
      name.append('\'');
    }
    return new Expression.Symbol(name + cursor.takeBracketed());
  }

  /** The first of letters side by side, if they can be symbols. */
  private Expression letters() {
    if (!Wording.mayBeProduct(cursor.peek().text())) {
      throw cursor.unreadable();
    }
    return letter();
  }

  /** The first letter of a run. */
  Expression letter() {
    String name = cursor.takePart(1);
    return switch (name) {
      case "e" -> cursor.at(Kind.UNDERSCORE) ? indexed(name) : Constant.E;
      case "i" -> cursor.at(Kind.UNDERSCORE) ? indexed(name) : Constant.I;
      default -> indexed(name);
    };
  }

  /** The symbol of a name and the index behind it, if there is one. */
  Expression indexed(String name) {
    StringBuilder full = new StringBuilder(name);
    if (cursor.accept(Kind.UNDERSCORE)) {
      full.append('_');
      if (cursor.at(Kind.OPEN_BRACE)) {
        full.append(braced());
      } else if (isIndex(cursor.peek())) {
        full.append(cursor.takePart(1));
      } else {
        throw cursor.unreadable();
      }
    }
    while (cursor.accept(Kind.APOSTROPHE)) {
      full.append('\'');
    }
    return new Expression.Symbol(full.toString());
  }

  /** Any index in braces, as its tokens. */
  private String braced() {
    StringBuilder index = new StringBuilder();
    int end = cursor.distanceToClosing();
    if (!cursor.at(end, Kind.CLOSE_BRACE) || end < 2) {
      throw cursor.unreadable();
    }
    for (int ahead = 0; ahead <= end; ahead++) {
      Token token = cursor.take();
      if (!token.is(Kind.OPEN_BRACE) && !token.is(Kind.CLOSE_BRACE)) {
        index.append(token.written());
      }
    }
    return index.toString();
  }

  /** A name of several letters, which only stands in a formula. */
  Expression named() {
    String name = cursor.peek().text();
    if (name.length() < 2
        || !Wording.mayBeCounted(name)
        || UnitNames.find(name).isPresent()
        || cursor.peek(1).isLetters()) {
      throw cursor.unreadable();
    }
    cursor.take();
    return indexed(name);
  }

  private static boolean isIndex(Token token) {
    return switch (token.kind()) {
      case WORD, TEXT, DIGITS, SYMBOL, SEVERAL -> true;
      default -> false;
    };
  }
}

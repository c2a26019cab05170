package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.syntax.Token.Kind;

/** Reads symbols with their indices, and values of functions that nobody defines. */
final class SymbolParser {
  private final Cursor cursor;

  SymbolParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Whether {@code f} or {@code g} stands before parentheses: functions that nobody defines. */
  boolean appliesFunction() {
    String name = cursor.peek().text();
    return (name.equals("f") || name.equals("g")) && cursor.at(1, Kind.OPEN_PARENTHESIS);
  }

  /** A value of an unknown function, known by how it is written alone. */
  Expression application() {
    return new Expression.Symbol(cursor.take().text() + cursor.takeBracketed());
  }

  /** The first of letters side by side, if they can be symbols. */
  Expression letters() {
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

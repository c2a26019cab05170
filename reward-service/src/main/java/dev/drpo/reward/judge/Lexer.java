package dev.drpo.reward.judge;

import dev.drpo.reward.judge.Token.Kind;
import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.limit.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Splits an answer's text into tokens in one pass. Styling ({@code \text{}}, {@code \left}) leaves
 * no trace; spaces stay, since {@code 22 1/2} depends on them.
 */
final class Lexer {
  private static final String MINUS_SIGNS = "-\u2212\uFF0D";
  private static final String ZERO_WIDTH = "\u200B\u200C\u200D\u2060\uFEFF";
  private static final String THIN_SPACES = "\u2009\u202F";
  private static final String TIMES_SIGNS = "*\u00D7\u00B7\u22C5";

  private final String text;
  private final Limits limits;
  private final Budget budget;
  private final List<Token> tokens = new ArrayList<>();

  /** One entry per open brace: whether it belongs to a styling command and so emits nothing. */
  private final Deque<Boolean> styled = new ArrayDeque<>();

  private int at;

  private Lexer(String text, Limits limits, Budget budget) {
    this.text = text;
    this.limits = limits;
    this.budget = budget;
  }

  /** The text's tokens, the last of which is {@link Kind#END}. */
  static List<Token> tokens(String text, Limits limits, Budget budget) {
    return new Lexer(text, limits, budget).run();
  }

  private List<Token> run() {
    budget.spend(text.length());
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        command();
      } else if (isDigit(c)) {
        emit(Kind.DIGITS, runOf(Lexer::isDigit));
      } else if (isLetter(c)) {
        emit(Kind.WORD, runOf(Lexer::isLetter));
      } else {
        character(c);
      }
    }
    if (!styled.isEmpty()) {
      emit(Kind.OTHER);
    }
    emit(Kind.END);
    return tokens;
  }

  private void character(char c) {
    at++;
    switch (c) {
      case '.' -> emit(Kind.DOT);
      case ',' -> emit(Kind.COMMA);
      case '+' -> emit(Kind.PLUS);
      case '/' -> emit(Kind.SLASH);
      case '^' -> emit(Kind.CARET);
      case '%' -> emit(Kind.PERCENT);
      case '$' -> emit(Kind.DOLLAR);
      case '~', '\u00A0' -> emit(Kind.SPACE);
      case '{' -> openBrace();
      case '}' -> closeBrace();
      default -> {
        if (MINUS_SIGNS.indexOf(c) >= 0) {
          emit(Kind.MINUS);
        } else if (TIMES_SIGNS.indexOf(c) >= 0) {
          emit(Kind.TIMES);
        } else if (THIN_SPACES.indexOf(c) >= 0) {
          emit(Kind.THIN_SPACE);
        } else if (Character.isWhitespace(c)) {
          emit(Kind.SPACE);
        } else if (ZERO_WIDTH.indexOf(c) < 0) {
          emit(Kind.OTHER);
        }
      }
    }
  }

  private void openBrace() {
    // TeX writes the comma of a thousands group in braces, to lose the space after it.
    if (text.startsWith(",}", at)) {
      at += 2;
      emit(Kind.COMMA);
    } else {
      emit(Kind.OPEN);
      push(false);
    }
  }

  private void closeBrace() {
    if (styled.isEmpty()) {
      emit(Kind.OTHER);
    } else if (!styled.pop()) {
      emit(Kind.CLOSE);
    }
  }

  private void command() {
    at++;
    if (at == text.length()) {
      emit(Kind.OTHER);
      return;
    }
    char c = text.charAt(at);
    if (isLetter(c)) {
      named(runOf(Lexer::isLetter));
      return;
    }
    at++;
    switch (c) {
      case '%' -> emit(Kind.PERCENT);
      case '$' -> emit(Kind.DOLLAR);
      case ',', '!' -> emit(Kind.THIN_SPACE);
      case ' ', ';', ':' -> emit(Kind.SPACE);
      default -> emit(Kind.OTHER);
    }
  }

  private void named(String name) {
    switch (name) {
      case "frac", "dfrac", "tfrac", "cfrac" -> emit(Kind.FRACTION);
      case "times", "cdot" -> emit(Kind.TIMES);
      case "quad", "qquad" -> emit(Kind.SPACE);
      case "displaystyle", "textstyle" -> {}
      case "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mbox", "boxed", "fbox" ->
          style();
      default -> emit(Kind.OTHER);
    }
  }

  private void style() {
    int brace = at;
    while (brace < text.length() && text.charAt(brace) == ' ') {
      brace++;
    }
    if (brace < text.length() && text.charAt(brace) == '{') {
      at = brace + 1;
      push(true);
    } else {
      emit(Kind.OTHER);
    }
  }

  private void push(boolean style) {
    if (styled.size() >= limits.nesting()) {
      throw new LimitExceeded(Limit.NESTING);
    }
    styled.push(style);
  }

  private String runOf(CharacterClass wanted) {
    int start = at;
    while (at < text.length() && wanted.contains(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private void emit(Kind kind) {
    emit(kind, "");
  }

  private void emit(Kind kind, String tokenText) {
    tokens.add(new Token(kind, tokenText));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  @FunctionalInterface
  private interface CharacterClass {
    boolean contains(char c);
  }
}

package dev.drpo.judge.syntax;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** A place in a list of tokens. Every token taken is paid for, so that no parsing is endless. */
final class Cursor {
  /** A token taken is a node built, and some decisions before. */
  private static final int STEPS_PER_TOKEN = 8;

  private final List<Token> tokens;
  private final Budget budget;
  private int at;

  Cursor(List<Token> tokens, Budget budget) {
    this.tokens = new ArrayList<>(tokens);
    this.budget = budget;
  }

  int position() {
    return at;
  }

  void returnTo(int position) {
    at = position;
  }

  Token peek() {
    return peek(0);
  }

  /** The token {@code ahead} of the next one, or the end. */
  Token peek(int ahead) {
    int index = Math.min(at + ahead, tokens.size() - 1);
    return tokens.get(index);
  }

  boolean at(Kind kind) {
    return peek().is(kind);
  }

  boolean at(int ahead, Kind kind) {
    return peek(ahead).is(kind);
  }

  Token take() {
    budget.spend(STEPS_PER_TOKEN);
    Token token = peek();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean accept(Kind kind) {
    boolean found = at(kind);
    if (found) {
      take();
    }
    return found;
  }

  Token expect(Kind kind) {
    if (!at(kind)) {
      throw unreadable();
    }
    return take();
  }

  /** Takes the first {@code length} characters of the next token and leaves the rest. */
  String takePart(int length) {
    Token token = peek();
    if (token.text().length() > length) {
      budget.spend(tokens.size() / Long.SIZE + 1L);
      tokens.set(at, new Token(token.kind(), token.text().substring(0, length), token.gap()));
      tokens.add(at + 1, new Token(token.kind(), token.text().substring(length), Gap.NONE));
    }
    return take().text();
  }

  /** Takes brackets with all inside them: what they say, in words that nothing else says. */
  String takeBracketed() {
    StringBuilder written = new StringBuilder();
    for (int left = distanceToClosing(); left >= 0; left--) {
      written.append(take().written());
    }
    return written.toString();
  }

  /** Tokens from here to the one that closes the bracket here, or to the end if none does. */
  int distanceToClosing() {
    int depth = 0;
    for (int ahead = 0; at + ahead < tokens.size(); ahead++) {
      budget.spend(1);
      Kind kind = peek(ahead).kind();
      if (kind.opens()) {
        depth++;
      } else if (kind.closes() && --depth == 0) {
        return ahead;
      }
    }
    return tokens.size() - 1 - at;
  }

  /** Tokens from here to the one that closes the bracket around them, or to the end. */
  int distanceToEnclosingEnd() {
    int depth = 0;
    int ahead = 0;
    while (at + ahead < tokens.size() - 1) {
      budget.spend(1);
      Kind kind = peek(ahead).kind();
      if (kind.opens()) {
        depth++;
      } else if (kind.closes() && --depth < 0) {
        return ahead;
      }
      ahead++;
    }
    return ahead;
  }

  /** Makes a token of its own, of another kind, of the last letter ahead and the d before it. */
  void split(int ahead, int kept, Kind kind) {
    Token token = peek(ahead);
    budget.spend(tokens.size() / Long.SIZE + 1L);
    String variable = token.text().substring(kept + 1);
    tokens.set(at + ahead, new Token(kind, variable, token.gap()));
    if (kept > 0) {
      tokens.add(at + ahead, new Token(token.kind(), token.text().substring(0, kept), token.gap()));
    }
  }

  /** Makes another kind of a token ahead, whose meaning its surroundings tell. */
  void retype(int ahead, Kind kind) {
    Token token = peek(ahead);
    tokens.set(at + ahead, new Token(kind, token.text(), token.gap()));
  }

  /** Whether a token in brackets of its own, between two places ahead, is as wanted. */
  boolean containsAtTopLevel(int from, int to, Predicate<Kind> wanted) {
    int depth = 0;
    for (int ahead = from; ahead < to; ahead++) {
      budget.spend(1);
      Kind kind = peek(ahead).kind();
      if (depth == 0 && wanted.test(kind)) {
        return true;
      }
      if (kind.opens()) {
        depth++;
      } else if (kind.closes()) {
        depth--;
      }
    }
    return false;
  }

  Unreadable unreadable() {
    Token token = peek();
    return new Unreadable(
        token.text().isEmpty() ? token.kind().name().toLowerCase(Locale.ROOT) : token.text());
  }
}

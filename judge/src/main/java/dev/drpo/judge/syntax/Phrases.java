package dev.drpo.judge.syntax;

import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Puts signs in the place of words that say the same: {@code all real numbers except 2} is {@code
 * \mathbb{R} \setminus \{2\}}, and {@code where n is an integer} is {@code , n \in \mathbb{Z}}.
 */
final class Phrases {
  private static final Set<String> ALL = Set.of("all", "any", "every");
  private static final Set<String> SUCH = Set.of("where", "for", "with", "when", "if");
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("real", "R"),
          Map.entry("reals", "R"),
          Map.entry("integer", "Z"),
          Map.entry("integers", "Z"),
          Map.entry("rational", "Q"),
          Map.entry("rationals", "Q"),
          Map.entry("complex", "C"),
          Map.entry("natural", "N"),
          Map.entry("irrational", "I"),
          Map.entry("irrationals", "I"));
  private static final int SHORTEST_KIND = "real".length();
  private static final Set<String> NOUNS = Set.of("number", "numbers");
  private static final Set<String> EXCEPT = Set.of("except", "but", "excluding", "besides");
  private static final Map<String, Kind> SIGNS =
      Map.of(
          "positive", Kind.GREATER,
          "negative", Kind.LESS,
          "nonnegative", Kind.GREATER_OR_EQUAL,
          "nonzero", Kind.NOT_EQUALS);

  private final List<Token> tokens;
  private final List<Token> written;
  private int at;

  private Phrases(List<Token> tokens) {
    this.tokens = tokens;
    this.written = new ArrayList<>();
  }

  /** The tokens without phrases that signs can say; the same tokens if there are none. */
  static List<Token> spelled(List<Token> tokens) {
    return mayOccur(tokens) ? new Phrases(tokens).rewritten() : tokens;
  }

  /** A glance that spares most answers the work. */
  private static boolean mayOccur(List<Token> tokens) {
    for (Token token : tokens) {
      boolean word = token.isLetters() && token.text().length() >= SHORTEST_KIND;
      if (token.is(Kind.ELEMENT_OF)
          || token.is(Kind.FOR_ALL)
          || (word && KINDS.containsKey(lower(token)))) {
        return true;
      }
    }
    return false;
  }

  private List<Token> rewritten() {
    while (!peek(0).is(Kind.END)) {
      if (!set() && !index() && !membership()) {
        written.add(tokens.get(at++));
      }
    }
    written.add(peek(0));
    return written;
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  private static String lower(Token token) {
    return token.isLetters() ? token.text().toLowerCase(Locale.ROOT) : "";
  }

  private String word(int ahead) {
    return lower(peek(ahead));
  }

  private void add(Kind kind, String text) {
    written.add(new Token(kind, text, Gap.NONE));
  }

  private void add(Kind kind) {
    add(kind, "");
  }

  /** {@code all positive real numbers except 0 and 1}, which fills the answer. */
  private boolean set() {
    if (at != 0 || !ALL.contains(word(0))) {
      return false;
    }
    int ahead = 1;
    Kind sign = SIGNS.get(word(ahead));
    ahead += sign == null ? 0 : 1;
    String kind = KINDS.get(word(ahead));
    if (kind == null) {
      return false;
    }
    ahead++;
    ahead += NOUNS.contains(word(ahead)) ? 1 : 0;
    // What the numbers are called says nothing: all real x.
    ahead += isLetter(ahead) ? 1 : 0;
    boolean except = EXCEPT.contains(word(ahead));
    if (!except && !peek(ahead).is(Kind.END) && !peek(ahead).is(Kind.DOT)) {
      return false;
    }
    at += ahead;
    numbers(kind, sign);
    if (except) {
      at++;
      at += word(0).equals("for") ? 1 : 0;
      exceptions();
    }
    return true;
  }

  private void numbers(String kind, Kind sign) {
    if (kind.equals("I")) {
      add(Kind.NUMBER_SET, "R");
      add(Kind.SET_MINUS);
      add(Kind.NUMBER_SET, "Q");
      return;
    }
    add(Kind.NUMBER_SET, kind);
    if (sign != null) {
      add(Kind.UNDERSCORE);
      add(Kind.OPEN_BRACE);
      add(sign);
      add(Kind.DIGITS, "0");
      add(Kind.CLOSE_BRACE);
    }
  }

  private void exceptions() {
    add(Kind.SET_MINUS);
    boolean braced = peek(0).is(Kind.OPEN_SET);
    if (!braced) {
      add(Kind.OPEN_SET);
    }
    boolean assigned = peek(0).is(Kind.WORD) && peek(1).is(Kind.EQUALS);
    at += assigned ? 2 : 0;
    while (!peek(0).is(Kind.END) && !(peek(0).is(Kind.DOT) && peek(1).is(Kind.END))) {
      written.add(tokens.get(at++));
    }
    if (!braced) {
      add(Kind.CLOSE_SET);
    }
  }

  /** {@code where n is an integer}, {@code for any integer n}, {@code n any integer}. */
  private boolean index() {
    int ahead = SUCH.contains(word(0)) ? 1 : 0;
    boolean comma = peek(0).is(Kind.COMMA);
    if (ahead == 0 && !comma) {
      return false;
    }
    ahead += comma && SUCH.contains(word(1)) ? 2 : comma ? 1 : 0;
    String letter = "";
    if (isLetter(ahead)) {
      letter = peek(ahead).text();
      ahead++;
      ahead += word(ahead).equals("is") || word(ahead).equals("in") ? 1 : 0;
    }
    boolean some =
        ALL.contains(word(ahead)) || Set.of("an", "a", "some", "the").contains(word(ahead));
    ahead += some ? 1 : 0;
    String kind = KINDS.get(word(ahead));
    if (kind == null || kind.equals("I")) {
      return false;
    }
    ahead++;
    ahead += NOUNS.contains(word(ahead)) ? 1 : 0;
    if (letter.isEmpty() && isLetter(ahead)) {
      letter = peek(ahead).text();
      ahead++;
    }
    boolean ends = peek(ahead).is(Kind.END) || peek(ahead).is(Kind.DOT);
    if (letter.isEmpty() || !ends) {
      return false;
    }
    at += ahead;
    member(letter, kind);
    return true;
  }

  private void member(String letter, String kind) {
    if (!written.isEmpty() && !written.getLast().is(Kind.COMMA)) {
      add(Kind.COMMA);
    }
    add(letter.startsWith("\\") ? Kind.SYMBOL : Kind.WORD, letter);
    add(Kind.ELEMENT_OF);
    add(Kind.NUMBER_SET, kind);
  }

  private boolean isLetter(int ahead) {
    Token token = peek(ahead);
    return token.is(Kind.SYMBOL) || (token.isLetters() && token.text().length() == 1);
  }

  /** {@code (n \in \mathbb{Z})} and {@code \text{for } n \in \mathbb{Z}} at the end. */
  private boolean membership() {
    boolean enclosed = peek(0).is(Kind.OPEN_PARENTHESIS);
    int ahead = enclosed ? 1 : 0;
    while (peek(ahead).is(Kind.FOR_ALL)
        || SUCH.contains(word(ahead))
        || (ahead > 0 && ALL.contains(word(ahead)))) {
      ahead++;
    }
    boolean member =
        ahead > 0
            && !written.isEmpty()
            && isLetter(ahead)
            && peek(ahead + 1).is(Kind.ELEMENT_OF)
            && peek(ahead + 2).is(Kind.NUMBER_SET);
    int close = ahead + 3;
    boolean closed = !enclosed || peek(close).is(Kind.CLOSE_PARENTHESIS);
    boolean ends = peek(enclosed ? close + 1 : close).is(Kind.END);
    if (!member || !closed || !ends) {
      return false;
    }
    String letter = peek(ahead).text();
    String set = peek(ahead + 2).text();
    at += enclosed ? close + 1 : close;
    member(letter, set);
    return true;
  }
}

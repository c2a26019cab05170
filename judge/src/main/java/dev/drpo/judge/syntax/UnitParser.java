package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.answer.UnitNames;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what stands behind a number.
 *
 * <pre>
 * unit  = part { ("*" | ("/" | "per") | nothing) ( part | "/" "(" parts ")" ) }
 * part  = ("square" | "cubic" …)? name ("squared" | "cubed")? ("^" digit)? | "\frac" parts parts
 * parts = part { "*"? part }
 * </pre>
 */
final class UnitParser {
  private static final Map<String, Integer> POWERS_BEFORE =
      Map.of("square", 2, "sq", 2, "cubic", 3, "cu", 3);
  private static final Map<String, Integer> POWERS_BEHIND = Map.of("squared", 2, "cubed", 3);
  private static final int MAX_POWER = 9;
  private static final int MAX_WORDS = 4;
  private static final Rational ONE = Rational.of(BigInteger.ONE);

  private final Cursor cursor;

  UnitParser(Cursor cursor) {
    this.cursor = cursor;
  }

  /** Whether a unit follows; letters in math are one only where they can't be symbols. */
  boolean starts() {
    return switch (cursor.peek().kind()) {
      case TEXT, PERCENT, DEGREE, CURRENCY -> true;
      case CARET -> raisedDegree() > 0;
      case WORD -> isUnitWord(cursor.peek());
      case FRACTION -> startsFraction();
      default -> false;
    };
  }

  /** Whether a fraction of units follows, whose numerator is running text. */
  boolean startsFraction() {
    return cursor.at(Kind.FRACTION)
        && cursor.at(1, Kind.OPEN_BRACE)
        && cursor.at(2, Kind.TEXT)
        && UnitNames.find(cursor.peek(2).text()).isPresent();
  }

  /** Whether a letter is a unit behind another: the m of {@code kg m}. */
  private boolean startsLetter(Unit before) {
    return !before.dimensions().isEmpty()
        && !before.measuresSameAs(Unit.DEGREE)
        && !before.measuresSameAs(Unit.PERCENT)
        && cursor.at(Kind.WORD)
        && UnitNames.ofLetter(cursor.peek().text()).isPresent();
  }

  /**
   * Whether letters are a unit with nothing but its own parts behind it.
   *
   * @param inArgument of a function, where letters are symbols
   */
  boolean endsValue(boolean inArgument) {
    if (startsHalfOfDay() && cursor.peek().gap() == Gap.WIDE) {
      return true;
    }
    if (!starts() || inArgument) {
      return false;
    }
    return switch (cursor.peek(1).kind()) {
      case END,
          COMMA,
          SEMICOLON,
          DOT,
          CONNECTIVE,
          CLOSE_PARENTHESIS,
          CLOSE_BRACKET,
          CLOSE_SET,
          CLOSE_BRACE,
          EQUALS,
          TEXT ->
          true;
      case WORD -> cursor.peek(1).gap() == Gap.WIDE;
      case CARET -> cursor.at(2, Kind.DIGITS) || cursor.at(2, Kind.OPEN_BRACE);
      case SLASH, TIMES -> cursor.peek(2).isLetters();
      default -> false;
    };
  }

  /** Whether {@code p.m.} or {@code pm} stands here. */
  boolean startsHalfOfDay() {
    String word = cursor.peek().text();
    boolean dotted =
        cursor.at(1, Kind.DOT)
            && cursor.peek(2).text().equalsIgnoreCase("m")
            && (word.equalsIgnoreCase("a") || word.equalsIgnoreCase("p"));
    return dotted || word.equalsIgnoreCase("am") || word.equalsIgnoreCase("pm");
  }

  /** Tokens of {@code ^\circ} or {@code ^{\circ}} ahead; 0 for none. */
  int raisedDegree() {
    if (cursor.at(0, Kind.CARET) && cursor.at(1, Kind.DEGREE)) {
      return 2;
    }
    boolean braced =
        cursor.at(0, Kind.CARET)
            && cursor.at(1, Kind.OPEN_BRACE)
            && cursor.at(2, Kind.DEGREE)
            && cursor.at(3, Kind.CLOSE_BRACE);
    return braced ? 4 : 0;
  }

  private static boolean isUnitWord(Token word) {
    String letters = word.text();
    return letters.length() > 1
        && (UnitNames.find(letters).isPresent()
            || POWERS_BEFORE.containsKey(letters)
            || (word.gap() == Gap.WIDE && Wording.isWord(letters)));
  }

  Unit unit() {
    Unit unit = Unit.NONE;
    List<String> nouns = new ArrayList<>();
    int sign = 1;
    boolean divided = false;
    boolean rate = false;
    while (starts() || divided || (nouns.isEmpty() && startsLetter(unit))) {
      if (acceptPerCent()) {
        return Unit.PERCENT;
      }
      if (divided && cursor.accept(Kind.OPEN_PARENTHESIS)) {
        unit = unit.times(product(Kind.CLOSE_PARENTHESIS).power(-1));
        skipProductSign();
        divided = acceptDivision();
        sign = divided ? -1 : 1;
        continue;
      }
      Optional<Unit> part = part(nouns);
      if (part.isPresent()) {
        unit = unit.times(part.get().power(sign));
      } else if (divided) {
        unit = unit.times(noun(List.of(nouns.removeLast())).power(-1));
      }
      skipProductSign();
      divided = acceptDivision();
      rate |= divided;
      sign = divided ? -1 : 1;
    }
    Unit whole = nouns.isEmpty() ? unit : unit.times(noun(nouns));
    // A rate of a thing by itself, such as hours per hour, says nothing that can be compared.
    boolean empty = rate && whole.dimensions().isEmpty();
    if (empty || (!nouns.isEmpty() && unit.measuresSameAs(Unit.PERCENT))) {
      throw cursor.unreadable();
    }
    return whole;
  }

  private boolean acceptPerCent() {
    boolean found =
        cursor.peek().text().equalsIgnoreCase("per")
            && cursor.peek(1).text().equalsIgnoreCase("cent");
    if (found) {
      cursor.take();
      cursor.take();
    }
    return found;
  }

  /** Units side by side are multiplied, with a sign between them or without. */
  private void skipProductSign() {
    if (cursor.at(Kind.TIMES) && cursor.peek(1).isLetters()) {
      cursor.take();
    }
  }

  private boolean acceptDivision() {
    Token next = cursor.peek();
    boolean per = next.isLetters() && next.text().equalsIgnoreCase("per");
    boolean enclosed = cursor.at(1, Kind.OPEN_PARENTHESIS) && cursor.peek(2).isLetters();
    if (per || (next.is(Kind.SLASH) && (enclosed || cursor.peek(1).isLetters()))) {
      cursor.take();
      return true;
    }
    return false;
  }

  /** Units side by side up to a closing bracket; nothing that is counted stands among them. */
  private Unit product(Kind close) {
    Unit product = Unit.NONE;
    List<String> nouns = new ArrayList<>();
    while (!cursor.accept(close)) {
      product = product.times(part(nouns).orElseThrow(cursor::unreadable));
      skipProductSign();
    }
    return product;
  }

  private Unit fraction() {
    cursor.expect(Kind.OPEN_BRACE);
    Unit top = product(Kind.CLOSE_BRACE);
    cursor.expect(Kind.OPEN_BRACE);
    return top.times(product(Kind.CLOSE_BRACE).power(-1));
  }

  /** One factor; empty if it is a counted noun, which is added to {@code nouns}. */
  private Optional<Unit> part(List<String> nouns) {
    int degree = raisedDegree();
    if (degree > 0 || cursor.at(Kind.DEGREE)) {
      for (int i = 0; i < Math.max(degree, 1); i++) {
        cursor.take();
      }
      return Optional.of(temperature().orElse(Unit.DEGREE));
    }
    Token token = cursor.take();
    return switch (token.kind()) {
      case PERCENT -> Optional.of(Unit.PERCENT);
      case CURRENCY -> Optional.of(Unit.of(token.text(), ONE));
      case TEXT, WORD -> named(token, nouns);
      case FRACTION -> Optional.of(fraction());
      default -> throw cursor.unreadable();
    };
  }

  private Optional<Unit> temperature() {
    Token next = cursor.peek();
    String scale = next.isLetters() ? next.text().toLowerCase(Locale.ROOT) : "";
    return switch (scale) {
      case "c", "celsius" -> taken("°C");
      case "f", "fahrenheit" -> taken("°F");
      default -> Optional.empty();
    };
  }

  private Optional<Unit> taken(String dimension) {
    cursor.take();
    return Optional.of(Unit.of(dimension, ONE));
  }

  private Optional<Unit> named(Token token, List<String> nouns) {
    String word = token.text();
    boolean ohms =
        word.length() == 1
            && cursor.peek().text().equals("\\Omega")
            && UnitNames.find(word + "\\Omega").isPresent();
    if (ohms) {
      return UnitNames.find(word + cursor.take().text()).map(unit -> unit.power(powerBehind()));
    }
    acceptDot();
    Integer before = POWERS_BEFORE.get(word.toLowerCase(Locale.ROOT));
    if (before != null && cursor.peek().isLetters()) {
      String name = cursor.take().text();
      acceptDot();
      Unit unit = UnitNames.find(name).orElseGet(() -> noun(List.of(name)));
      return Optional.of(unit.power(before));
    }
    Optional<Unit> unit =
        word.equalsIgnoreCase("degrees") || word.equalsIgnoreCase("degree")
            ? Optional.of(temperature().orElse(Unit.DEGREE))
            : UnitNames.find(word);
    if (unit.isEmpty()) {
      if (nouns.size() == MAX_WORDS || !Wording.mayBeCounted(word)) {
        throw cursor.unreadable();
      }
      nouns.add(word);
      return Optional.empty();
    }
    return Optional.of(unit.get().power(powerBehind()));
  }

  private int powerBehind() {
    Token next = cursor.peek();
    Integer spelled = next.isLetters() ? POWERS_BEHIND.get(next.text()) : null;
    if (spelled != null) {
      cursor.take();
      return spelled;
    }
    if (!next.is(Kind.CARET) || raisedDegree() > 0) {
      return 1;
    }
    cursor.take();
    boolean braced = cursor.accept(Kind.OPEN_BRACE);
    boolean negative = cursor.accept(Kind.MINUS);
    String digits = cursor.expect(Kind.DIGITS).text();
    if (braced) {
      cursor.expect(Kind.CLOSE_BRACE);
    }
    if (digits.length() > 1 || digits.charAt(0) - '0' > MAX_POWER) {
      throw cursor.unreadable();
    }
    int power = Integer.parseInt(digits);
    return negative ? -power : power;
  }

  /** An abbreviation's dot, unless the answer ends with it. */
  private void acceptDot() {
    if (cursor.at(Kind.DOT) && !cursor.at(1, Kind.END)) {
      cursor.take();
    }
  }

  private static Unit noun(List<String> words) {
    List<String> alike =
        words.stream().map(word -> UnitNames.singular(word.toLowerCase(Locale.ROOT))).toList();
    return Unit.noun(String.join(" ", alike));
  }
}

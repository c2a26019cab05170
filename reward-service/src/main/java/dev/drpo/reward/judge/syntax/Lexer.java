package dev.drpo.reward.judge.syntax;

import dev.drpo.reward.judge.limit.Budget;
import dev.drpo.reward.judge.limit.Limit;
import dev.drpo.reward.judge.limit.LimitExceeded;
import dev.drpo.reward.judge.limit.Limits;
import dev.drpo.reward.judge.syntax.Token.Gap;
import dev.drpo.reward.judge.syntax.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Splits an answer's text into tokens in one pass. Styling ({@code \left}, {@code \mathbf{}})
 * leaves no trace, running text is marked, and spaces become the gaps before tokens.
 */
final class Lexer {
  private static final Set<String> MATH_STYLES =
      Set.of(
          "mathbf",
          "mathit",
          "mathsf",
          "boldsymbol",
          "bm",
          "vec",
          "overrightarrow",
          "boxed",
          "fbox",
          "underline");
  private static final Set<String> UPRIGHT_STYLES = Set.of("mathrm", "operatorname", "rm");
  private static final Set<String> TEXT_STYLES =
      Set.of(
          "text",
          "textbf",
          "textit",
          "textrm",
          "textnormal",
          "textsf",
          "texttt",
          "mbox",
          "hbox",
          "emph");
  private static final Set<String> MEANINGLESS =
      Set.of(
          "left",
          "right",
          "big",
          "Big",
          "bigg",
          "Bigg",
          "bigl",
          "bigr",
          "Bigl",
          "Bigr",
          "biggl",
          "biggr",
          "middle",
          "displaystyle",
          "textstyle",
          "scriptstyle",
          "limits",
          "nolimits",
          "bf",
          "it",
          "rm",
          "hfill",
          "nonumber");
  private static final String WIDE_SPACES = "~\u00A0\u2003\u2002\u3000\u2005\u2004";
  private static final String THIN_SPACES = "\u2009\u202F\u200A\u2006";
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ⁽⁾";
  private static final String SUPERSCRIPTS_MEAN = "0123456789+-ni()";
  private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢ";
  private static final String SUBSCRIPTS_MEAN = "0123456789+-ni";
  private static final String VULGAR_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒";
  private static final String[] VULGAR_FRACTIONS_MEAN = {
    "1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "2/5", "3/5", "4/5", "1/6", "5/6", "1/7", "1/8",
    "3/8", "5/8", "7/8", "1/9", "1/10"
  };
  private static final int LONGEST_ENVIRONMENT = 20;
  private static final int LONGEST_LENGTH = 10;

  /** What an open brace belongs to, which decides what its closing means. */
  private enum Brace {
    PLAIN,
    MATH_STYLE,
    UPRIGHT,
    TEXT
  }

  private final String text;
  private final Limits limits;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Brace> braces = new ArrayDeque<>();

  private int at;
  private int nesting;
  private int environments;
  private Gap gap = Gap.NONE;

  private Lexer(String text, Limits limits) {
    this.text = text;
    this.limits = limits;
  }

  /**
   * The text's tokens, the last of which is {@link Kind#END}.
   *
   * @throws LimitExceeded if brackets nest too deeply
   */
  static List<Token> tokens(String text, Limits limits, Budget budget) {
    budget.spend(text.length());
    List<Token> tokens = new Lexer(text, limits).run();
    budget.spend(tokens.size());
    return tokens;
  }

  private List<Token> run() {
    while (at < text.length()) {
      next();
    }
    if (!braces.isEmpty()) {
      emit(Kind.OTHER);
    }
    emit(Kind.END);
    return tokens;
  }

  private void next() {
    char c = narrow(text.charAt(at));
    if (c == '\\') {
      command();
    } else if (isDigit(c)) {
      emit(Kind.DIGITS, runOf(Lexer::isDigit));
    } else if (isLetter(c)) {
      letters(runOf(Lexer::isLetter));
    } else {
      at++;
      character(c);
    }
  }

  private void character(char c) {
    switch (c) {
      case '{' -> openBrace();
      case '}' -> closeBrace();
      case '*' -> emit(accept('*') ? Kind.CARET : Kind.TIMES);
      case '!' -> emit(accept('=') ? Kind.NOT_EQUALS : Kind.FACTORIAL);
      case '<' -> emit(accept('=') ? Kind.LESS_OR_EQUAL : Kind.LESS);
      case '>' -> emit(accept('=') ? Kind.GREATER_OR_EQUAL : Kind.GREATER);
      default -> Spellings.ofCharacter(c).ifPresentOrElse(this::emit, () -> rare(c));
    }
  }

  private void rare(char c) {
    if (THIN_SPACES.indexOf(c) >= 0) {
      space(Gap.THIN);
    } else if (WIDE_SPACES.indexOf(c) >= 0) {
      gap = Gap.WIDE;
    } else if (Character.isWhitespace(c)) {
      // TeX ignores white space in math, so that it doesn't widen a thin space.
      gap = gap == Gap.NONE ? Gap.WIDE : gap;
    } else if (SUPERSCRIPTS.indexOf(c) >= 0) {
      at--;
      script(Kind.CARET, SUPERSCRIPTS, SUPERSCRIPTS_MEAN);
    } else if (SUBSCRIPTS.indexOf(c) >= 0) {
      at--;
      script(Kind.UNDERSCORE, SUBSCRIPTS, SUBSCRIPTS_MEAN);
    } else if (VULGAR_FRACTIONS.indexOf(c) >= 0) {
      vulgarFraction(VULGAR_FRACTIONS_MEAN[VULGAR_FRACTIONS.indexOf(c)]);
    } else {
      emit(Kind.OTHER, String.valueOf(c));
    }
  }

  private void space(Gap narrow) {
    if (gap == Gap.NONE) {
      gap = narrow;
    }
  }

  /** A run of raised or lowered characters, as a braced group. */
  private void script(Kind kind, String characters, String meanings) {
    emit(kind);
    emit(Kind.OPEN_BRACE);
    while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
      char meaning = meanings.charAt(characters.indexOf(text.charAt(at++)));
      Token last = tokens.getLast();
      if (isDigit(meaning) && last.is(Kind.DIGITS)) {
        tokens.set(tokens.size() - 1, new Token(Kind.DIGITS, last.text() + meaning, last.gap()));
      } else if (isDigit(meaning)) {
        emit(Kind.DIGITS, String.valueOf(meaning));
      } else if (isLetter(meaning)) {
        emit(Kind.WORD, String.valueOf(meaning));
      } else {
        emit(Spellings.ofCharacter(meaning).orElseThrow());
      }
    }
    emit(Kind.CLOSE_BRACE);
  }

  private void vulgarFraction(String meaning) {
    int slash = meaning.indexOf('/');
    emit(Kind.FRACTION);
    for (String part : List.of(meaning.substring(0, slash), meaning.substring(slash + 1))) {
      emit(Kind.OPEN_BRACE);
      emit(Kind.DIGITS, part);
      emit(Kind.CLOSE_BRACE);
    }
  }

  private void letters(String word) {
    if (word.equals("to") && !tokens.isEmpty() && tokens.getLast().is(Kind.DIGITS)) {
      emit(Kind.COLON);
      return;
    }
    if (inText()) {
      Spellings.ofWord(word.toLowerCase(Locale.ROOT))
          .filter(meaning -> meaning.kind() == Kind.CONNECTIVE || meaning.kind() == Kind.PERCENT)
          .ifPresentOrElse(this::emit, () -> emit(Kind.TEXT, word));
      return;
    }
    Optional<Spellings.Meaning> meaning = Spellings.ofWord(word);
    Optional<String> function = Spellings.functionPrefix(word);
    if (meaning.isPresent()) {
      emit(meaning.get());
    } else if (function.isPresent() && continuesAsMath(word, function.get())) {
      emit(Spellings.ofWord(function.get()).orElseThrow());
      emit(Kind.WORD, word.substring(function.get().length()));
    } else if (braces.peek() == Brace.UPRIGHT && word.length() > 1) {
      emit(Kind.TEXT, word);
    } else {
      emit(Kind.WORD, word);
    }
  }

  /** Whether the rest of {@code sinx} is short enough to be symbols; {@code single} is a word. */
  private static boolean continuesAsMath(String word, String function) {
    return word.length() - function.length() <= 2;
  }

  private boolean inText() {
    return braces.peek() == Brace.TEXT;
  }

  private void openBrace() {
    if (text.startsWith(",}", at)) {
      at += 2;
      emit(Kind.THOUSANDS_COMMA);
    } else if (text.startsWith(":}", at)) {
      at += 2;
      emit(Kind.COLON);
    } else if (text.startsWith("}", behindSpaces())) {
      // An empty group ends a command's name and shows nothing.
      at = behindSpaces() + 1;
    } else if (inText()) {
      push(Brace.TEXT);
    } else {
      push(Brace.PLAIN);
      emit(Kind.OPEN_BRACE);
    }
  }

  private void closeBrace() {
    if (braces.isEmpty()) {
      emit(Kind.OTHER, "}");
      return;
    }
    if (braces.pop() == Brace.PLAIN) {
      emit(Kind.CLOSE_BRACE);
    }
  }

  private void push(Brace brace) {
    if (braces.size() >= limits.nesting()) {
      throw new LimitExceeded(Limit.NESTING);
    }
    braces.push(brace);
  }

  private void command() {
    at++;
    if (at == text.length()) {
      // A control space at the end loses its space with the others there.
      if (tokens.isEmpty()) {
        emit(Kind.OTHER, "\\");
      }
      return;
    }
    char c = text.charAt(at);
    if (isLetter(c)) {
      named(runOf(Lexer::isLetter));
      return;
    }
    at++;
    switch (c) {
      case '{' -> emit(Kind.OPEN_SET);
      case '}' -> emit(Kind.CLOSE_SET);
      case '%' -> emit(Kind.PERCENT);
      case '$' -> emit(Kind.CURRENCY, "dollar");
      case ',' -> space(Gap.THIN);
      case '!' -> space(Gap.NEGATIVE);
      case ' ', ';', ':', '>', '/' -> gap = Gap.WIDE;
      case '\\' -> nextRow();
      case '|' -> emit(Kind.BAR);
      case '(', ')', '[', ']' -> {}
      default -> emit(Kind.OTHER, String.valueOf(c));
    }
  }

  /** The end of a row, which may ask for more space below it: {@code \\\\[4pt]}. */
  private void nextRow() {
    emit(Kind.NEXT_ROW);
    int close = text.indexOf(']', at);
    if (text.startsWith("[", at) && close > at && close - at <= LONGEST_LENGTH) {
      String length = text.substring(at + 1, close);
      if (length.matches("-?[0-9.]+ ?(pt|em|ex|mm|cm|in|px)")) {
        at = close + 1;
      }
    }
  }

  private void named(String name) {
    if (TEXT_STYLES.contains(name)) {
      style(Brace.TEXT);
    } else if (UPRIGHT_STYLES.contains(name) && startsGroup()) {
      style(Brace.UPRIGHT);
    } else if (MATH_STYLES.contains(name)) {
      style(inText() ? Brace.TEXT : Brace.MATH_STYLE);
    } else if (MEANINGLESS.contains(name)) {
      // The empty delimiter is written as a dot.
      if ((name.equals("left") || name.equals("right")) && at < text.length()) {
        accept('.');
      }
    } else {
      meaningful(name);
    }
  }

  private void meaningful(String name) {
    switch (name) {
      case "quad", "qquad", "enspace", "space" -> gap = Gap.WIDE;
      case "cr" -> emit(Kind.NEXT_ROW);
      case "phantom", "hphantom", "vphantom" -> skipArgument();
      case "lor", "vee" -> emit(Kind.CONNECTIVE, "or");
      case "land", "wedge" -> emit(Kind.CONNECTIVE, "and");
      case "angle", "measuredangle" -> emit(Kind.TEXT, "angle");
      case "mathdollar", "textdollar" -> emit(Kind.CURRENCY, "dollar");
      case "thinspace" -> space(Gap.THIN);
      case "negthinspace" -> space(Gap.NEGATIVE);
      case "mathbb" ->
          argument()
              .ifPresentOrElse(set -> emit(Kind.NUMBER_SET, set), () -> emit(Kind.OTHER, name));
      case "begin" ->
          argument()
              .ifPresentOrElse(
                  environment -> emit(Kind.BEGIN, environment), () -> emit(Kind.OTHER, name));
      case "end" ->
          argument()
              .ifPresentOrElse(
                  environment -> emit(Kind.END_ENVIRONMENT, environment),
                  () -> emit(Kind.OTHER, name));
      default ->
          Spellings.ofCommand(name)
              .ifPresentOrElse(this::emit, () -> emit(Kind.OTHER, "\\" + name));
    }
  }

  /** The letters in the braces that follow, or a single letter. */
  private Optional<String> argument() {
    int start = behindSpaces();
    if (start < text.length() && isLetter(text.charAt(start))) {
      at = start + 1;
      return Optional.of(text.substring(start, at));
    }
    int end = text.indexOf('}', start);
    if (!startsGroup() || end < 0 || end - start > LONGEST_ENVIRONMENT) {
      return Optional.empty();
    }
    at = end + 1;
    return Optional.of(text.substring(start + 1, end).strip());
  }

  /** Leaves out what takes space but doesn't show. */
  private void skipArgument() {
    int start = behindSpaces();
    int close = text.indexOf('}', start);
    boolean group = startsGroup() && close >= 0;
    at = group ? close + 1 : Math.min(start + 1, text.length());
  }

  private void style(Brace brace) {
    if (startsGroup()) {
      at = behindSpaces() + 1;
      push(brace);
    }
  }

  private boolean startsGroup() {
    int brace = behindSpaces();
    return brace < text.length() && text.charAt(brace) == '{';
  }

  private int behindSpaces() {
    int next = at;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return next;
  }

  private boolean accept(char wanted) {
    boolean found = at < text.length() && text.charAt(at) == wanted;
    if (found) {
      at++;
    }
    return found;
  }

  private String runOf(IntPredicate wanted) {
    StringBuilder run = new StringBuilder();
    while (at < text.length() && wanted.test(narrow(text.charAt(at)))) {
      run.append(narrow(text.charAt(at++)));
    }
    return run.toString();
  }

  private void emit(Spellings.Meaning meaning) {
    emit(meaning.kind(), meaning.text());
  }

  private void emit(Kind kind) {
    emit(kind, "");
  }

  private void emit(Kind kind, String tokenText) {
    if (kind.opens() && ++nesting > limits.nesting()) {
      throw new LimitExceeded(Limit.NESTING);
    }
    if (kind.closes()) {
      nesting--;
    }
    if (kind == Kind.BEGIN) {
      environments++;
    } else if (kind == Kind.END_ENVIRONMENT) {
      environments--;
    } else if (kind == Kind.NEXT_CELL && environments == 0) {
      // Outside of a matrix it aligns lines, and means nothing.
      return;
    }
    tokens.add(new Token(kind, tokenText, gap));
    gap = Gap.NONE;
  }

  /** Full-width digits and letters as their plain ones. */
  private static char narrow(char c) {
    boolean wide = (c >= '０' && c <= '９') || (c >= 'Ａ' && c <= 'Ｚ') || (c >= 'ａ' && c <= 'ｚ');
    return wide ? (char) (c - '０' + '0') : c;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}

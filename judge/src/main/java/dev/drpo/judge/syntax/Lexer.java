package dev.drpo.judge.syntax;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Splits an answer's text into tokens in one pass. Styling ({@code \left}, {@code \mathbf{}})
 * leaves no trace, running text is marked, and spaces become the gaps before tokens.
 */
final class Lexer {
  private static final String WIDE_SPACES = "~\u00A0\u2003\u2002\u3000\u2005\u2004";
  private static final String THIN_SPACES = "\u2009\u202F\u200A\u2006";

  /** What an open brace belongs to, which decides what its closing means. */
  private enum Brace {
    PLAIN,
    MATH_STYLE,
    UPRIGHT,
    TEXT
  }

  private final Source source;
  private final Marks marks;
  private final Limits limits;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Brace> braces = new ArrayDeque<>();

  private int nesting;
  private int environments;

  /** Environments around here that only set lines apart. */
  private int lines;

  private boolean newLine;
  private Gap gap = Gap.NONE;

  private Lexer(String text, Limits limits) {
    this.source = new Source(text);
    this.marks = new Marks(source);
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
    while (!source.atEnd()) {
      next();
    }
    if (!braces.isEmpty()) {
      emit(Kind.OTHER);
    }
    emit(Kind.END);
    return tokens;
  }

  private void next() {
    char c = source.peek();
    if (c == '\\') {
      command();
    } else if (Source.isDigit(c)) {
      emit(Kind.DIGITS, source.takeRun(Source::isDigit));
    } else if (Source.isWordLetter(c)) {
      letters(source.takeRun(Source::isWordLetter));
    } else {
      source.take();
      character(c);
    }
  }

  private void character(char c) {
    if (c == '-' && inText() && isHyphen()) {
      emit(Kind.HYPHEN);
      return;
    }
    switch (c) {
      case '{' -> openBrace();
      case '}' -> closeBrace();
      case '*' -> emit(source.accept("*") ? Kind.CARET : Kind.TIMES);
      case '!' -> emit(source.accept("=") ? Kind.NOT_EQUALS : Kind.FACTORIAL);
      case '.' -> emit(source.accept("..") ? Kind.ELLIPSIS : Kind.DOT);
      case '<' -> emit(source.accept("=") ? Kind.LESS_OR_EQUAL : Kind.LESS);
      case '>' -> emit(source.accept("=") ? Kind.GREATER_OR_EQUAL : Kind.GREATER);
      default -> Spellings.ofCharacter(c).ifPresentOrElse(this::emit, () -> rare(c));
    }
  }

  /** Whether a word goes on behind a hyphen. */
  private boolean isHyphen() {
    return gap == Gap.NONE
        && !tokens.isEmpty()
        && tokens.getLast().is(Kind.TEXT)
        && !source.atEnd()
        && Character.isLetter(source.peek());
  }

  private void rare(char c) {
    if (THIN_SPACES.indexOf(c) >= 0) {
      space(Gap.THIN);
    } else if (WIDE_SPACES.indexOf(c) >= 0) {
      gap = Gap.WIDE;
    } else if (Character.isWhitespace(c)) {
      // TeX ignores white space in math, so that it doesn't widen a thin space.
      gap = gap == Gap.NONE ? Gap.WIDE : gap;
    } else if (Script.RAISED.contains(c)) {
      script(Kind.CARET, c, Script.RAISED);
    } else if (Script.LOWERED.contains(c)) {
      script(Kind.UNDERSCORE, c, Script.LOWERED);
    } else if (c == '∛' || c == '∜') {
      emit(Kind.ROOT);
      emit(Kind.OPEN_BRACKET);
      emit(Kind.DIGITS, c == '∛' ? "3" : "4");
      emit(Kind.CLOSE_BRACKET);
    } else if (c == '″' || c == '"') {
      emit(Kind.APOSTROPHE);
      emit(Kind.APOSTROPHE);
    } else if (VulgarFractions.contain(c)) {
      vulgarFraction(c);
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
  private void script(Kind kind, char first, Script script) {
    emit(kind);
    emit(Kind.OPEN_BRACE);
    StringBuilder plain = new StringBuilder().append(script.plain(first));
    while (!source.atEnd() && script.contains(source.peek())) {
      plain.append(script.plain(source.take()));
    }
    for (Token token : new Lexer(plain.toString(), limits).run()) {
      if (!token.is(Kind.END)) {
        emit(token.kind(), token.text());
      }
    }
    emit(Kind.CLOSE_BRACE);
  }

  private void vulgarFraction(char c) {
    emit(Kind.FRACTION);
    for (String part : VulgarFractions.parts(c)) {
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
      Spellings.ofTextWord(word.toLowerCase(Locale.ROOT))
          .ifPresentOrElse(this::emit, () -> emit(Kind.TEXT, word));
      return;
    }
    Optional<Spellings.Meaning> meaning =
        braces.peek() == Brace.UPRIGHT
            ? Spellings.ofOperator(word).or(() -> Spellings.ofWord(word))
            : Spellings.ofWord(word);
    Optional<String> function = Spellings.functionPrefix(word);
    if (meaning.isPresent()) {
      emit(meaning.get());
    } else if (function.isPresent() && continuesAsMath(word, function.get())) {
      emit(Spellings.ofWord(function.get()).orElseThrow());
      emit(Kind.WORD, word.substring(function.get().length()));
    } else if (braces.peek() == Brace.UPRIGHT) {
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
    if (source.accept(",}")) {
      emit(Kind.THOUSANDS_COMMA);
    } else if (source.accept(":}")) {
      emit(Kind.COLON);
    } else if (source.acceptBehindSpaces("}")) {
      // An empty group ends a command's name and shows nothing.
      return;
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
    source.take();
    if (source.atEnd()) {
      // A control space at the end loses its space with the others there.
      if (tokens.isEmpty()) {
        emit(Kind.OTHER, "\\");
      }
      return;
    }
    if (Source.isLetter(source.peek())) {
      named(source.takeRun(Source::isLetter));
      return;
    }
    char c = source.take();
    switch (c) {
      case '{' -> emit(Kind.OPEN_SET);
      case '}' -> emit(Kind.CLOSE_SET);
      case '%' -> emit(Kind.PERCENT);
      case '$' -> emit(Kind.CURRENCY, "dollar");
      case ',' -> space(Gap.THIN);
      case '!' -> space(Gap.NEGATIVE);
      case ' ', ';', ':', '>', '/' -> gap = Gap.WIDE;
      case '\\' -> {
        emit(Kind.NEXT_ROW);
        source.skipLength();
      }
      case '|' -> emit(Kind.BAR);
      case '(', ')', '[', ']' -> {}
      default -> emit(Kind.OTHER, String.valueOf(c));
    }
  }

  private void named(String name) {
    if (Styles.TEXT.contains(name)) {
      style(Brace.TEXT);
    } else if (Styles.UPRIGHT.contains(name) && source.startsGroup()) {
      style(source.startsSingleton() ? Brace.MATH_STYLE : Brace.UPRIGHT);
    } else if (!inText() && marks.startsAt(name)) {
      emit(marks.read(name));
    } else if (Styles.MATH.contains(name)) {
      style(inText() ? Brace.TEXT : Brace.MATH_STYLE);
    } else if (Styles.MEANINGLESS.contains(name)) {
      // The empty delimiter is written as a dot.
      if ((name.equals("left") || name.equals("right"))) {
        source.accept(".");
      }
    } else {
      meaningful(name);
    }
  }

  private void meaningful(String name) {
    switch (name) {
      case "quad", "qquad", "enspace", "space" -> gap = Gap.WIDE;
      case "cr" -> emit(Kind.NEXT_ROW);
      case "color", "textcolor", "label", "tag", "hspace", "vspace" -> {
        source.accept("*");
        source.skipArgument();
      }
      case "mathcal", "mathfrak", "mathscr" -> letterOf(name);
      case "phantom", "hphantom", "vphantom" -> source.skipArgument();
      case "lor", "vee" -> emit(Kind.CONNECTIVE, "or");
      case "land", "wedge" -> emit(Kind.CONNECTIVE, "and");
      case "angle", "measuredangle" -> emit(Kind.TEXT, "angle");
      case "triangle" -> {
        emit(Kind.TEXT, "triangle");
        source.takeLetters().ifPresent(corners -> emit(Kind.WORD, corners));
      }
      case "mathdollar", "textdollar" -> emit(Kind.CURRENCY, "dollar");
      case "thinspace" -> space(Gap.THIN);
      case "negthinspace" -> space(Gap.NEGATIVE);
      case "mathbb", "Bbb" ->
          source
              .takeArgument()
              .ifPresentOrElse(set -> emit(Kind.NUMBER_SET, set), () -> emit(Kind.OTHER, name));
      case "begin" -> environment(Kind.BEGIN);
      case "end" -> environment(Kind.END_ENVIRONMENT);
      default ->
          Spellings.ofCommand(name)
              .ifPresentOrElse(this::emit, () -> emit(Kind.OTHER, "\\" + name));
    }
  }

  /** A letter of another alphabet is a name of its own. */
  private void letterOf(String alphabet) {
    source
        .takeArgument()
        .ifPresentOrElse(
            letter -> emit(Kind.SYMBOL, "\\" + alphabet + "{" + letter + "}"),
            () -> emit(Kind.OTHER, "\\" + alphabet));
  }

  /** Environments that only set lines apart are looked through. */
  private void environment(Kind kind) {
    Optional<String> name = source.takeArgument();
    if (name.isEmpty()) {
      emit(Kind.OTHER, "\\begin");
    } else if (!Styles.ENVIRONMENTS.contains(name.get())) {
      emit(kind, name.get());
    } else if (kind == Kind.BEGIN) {
      lines++;
    } else {
      lines--;
      newLine = false;
    }
  }

  private void style(Brace brace) {
    if (source.acceptBehindSpaces("{")) {
      push(brace);
    }
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
    if (kind == Kind.NEXT_ROW && environments == 0 && lines > 0) {
      newLine = true;
      return;
    }
    if (newLine && kind != Kind.END && !Styles.continuesLine(kind)) {
      // A line that doesn't go on with a sign says something of its own.
      tokens.add(new Token(Kind.COMMA, "", Gap.WIDE));
    }
    newLine = false;
    tokens.add(new Token(kind, tokenText, gap));
    gap = Gap.NONE;
  }
}

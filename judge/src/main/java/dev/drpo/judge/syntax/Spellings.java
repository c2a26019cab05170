package dev.drpo.judge.syntax;

import dev.drpo.judge.expression.Function;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What commands, words and characters mean. Those that mean nothing are the lexer's matter. */
final class Spellings {
  /** A token to be: everything but the gap before it. */
  record Meaning(Kind kind, String text) {
    static Meaning of(Kind kind) {
      return new Meaning(kind, "");
    }
  }

  /** The one function name that stands for a formula. */
  static final String CIS = "CIS";

  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          Map.entry("sin", Function.SIN),
          Map.entry("cos", Function.COS),
          Map.entry("tan", Function.TAN),
          Map.entry("tg", Function.TAN),
          Map.entry("cot", Function.COT),
          Map.entry("ctg", Function.COT),
          Map.entry("sec", Function.SEC),
          Map.entry("csc", Function.CSC),
          Map.entry("cosec", Function.CSC),
          Map.entry("arcsin", Function.ARCSIN),
          Map.entry("asin", Function.ARCSIN),
          Map.entry("arccos", Function.ARCCOS),
          Map.entry("acos", Function.ARCCOS),
          Map.entry("arctan", Function.ARCTAN),
          Map.entry("atan", Function.ARCTAN),
          Map.entry("arccot", Function.ARCCOT),
          Map.entry("arcsec", Function.ARCSEC),
          Map.entry("arccsc", Function.ARCCSC),
          Map.entry("sinh", Function.SINH),
          Map.entry("cosh", Function.COSH),
          Map.entry("tanh", Function.TANH),
          Map.entry("ln", Function.LN),
          Map.entry("exp", Function.EXP),
          Map.entry("abs", Function.ABS),
          Map.entry("floor", Function.FLOOR),
          Map.entry("ceil", Function.CEILING));

  private static final Map<String, Function> PARTS =
      Map.of("Re", Function.REAL, "Im", Function.IMAGINARY);

  /** Letters that are no Greek ones, and names of which are words. */
  private static final Set<String> LETTERS = Set.of("hbar", "partial", "nabla");

  private static final Set<String> SEVERAL = Set.of("gcd", "lcm", "max", "min");

  /** Longest first, so that {@code sinh} isn't read as {@code sin h}. */
  private static final List<String> FUNCTION_PREFIXES =
      FUNCTIONS.keySet().stream()
          .filter(name -> name.length() > 2 || name.equals("ln"))
          .sorted(Comparator.comparingInt(String::length).reversed())
          .toList();

  private static final Map<String, Kind> COMMANDS = new HashMap<>();
  private static final Map<String, Kind> WORDS = new HashMap<>();
  private static final Map<Character, Meaning> CHARACTERS = new HashMap<>();

  private static final List<String> GREEK =
      Arrays.asList(
          ("alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu"
                  + " nu xi rho varrho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta"
                  + " Lambda Xi Sigma Upsilon Phi Psi Omega ell")
              .split(" ", -1));

  private static final String GREEK_CHARACTERS = "αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΣΦΨΩ";

  private static final List<String> GREEK_CHARACTER_NAMES =
      Arrays.asList(
          ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau"
                  + " upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega")
              .split(" ", -1));

  static {
    commands(Kind.FRACTION, "frac dfrac tfrac cfrac nicefrac sfrac");
    commands(Kind.BINOMIAL, "binom dbinom tbinom");
    commands(Kind.CHOOSE, "choose");
    commands(Kind.OVER, "over");
    commands(Kind.ROOT, "sqrt");
    commands(Kind.SURD, "surd");
    commands(Kind.PI, "pi");
    commands(Kind.INFINITY, "infty infin");
    commands(Kind.PERCENT, "percent");
    commands(Kind.DEGREE, "circ degree textdegree");
    commands(Kind.PLUS_MINUS, "pm");
    commands(Kind.MINUS_PLUS, "mp");
    commands(Kind.TIMES, "times cdot ast");
    commands(Kind.DIVIDED_BY, "div");
    commands(Kind.NOT_EQUALS, "ne neq");
    commands(Kind.LESS, "lt");
    commands(Kind.LESS_OR_EQUAL, "le leq leqslant leqq");
    commands(Kind.GREATER, "gt");
    commands(Kind.GREATER_OR_EQUAL, "ge geq geqslant geqq");
    commands(Kind.APPROXIMATELY, "approx");
    commands(Kind.ELEMENT_OF, "in");
    commands(Kind.NOT_ELEMENT_OF, "notin");
    commands(Kind.LIMIT, "lim");
    commands(Kind.INTEGRAL, "int");
    commands(Kind.ARROW, "to rightarrow longrightarrow");
    commands(Kind.FOR_ALL, "forall");
    commands(Kind.CONGRUENT, "equiv");
    commands(Kind.MODULO, "pmod bmod mod pod");
    commands(Kind.ELLIPSIS, "ldots dots cdots dotsc dotsb");
    commands(Kind.UNION, "cup bigcup");
    commands(Kind.INTERSECTION, "cap bigcap");
    commands(Kind.SET_MINUS, "setminus backslash");
    commands(Kind.EMPTY_SET, "emptyset varnothing");
    commands(Kind.SUCH_THAT, "mid");
    commands(Kind.OPEN_SET, "lbrace");
    commands(Kind.CLOSE_SET, "rbrace");
    commands(Kind.OPEN_BRACKET, "lbrack");
    commands(Kind.CLOSE_BRACKET, "rbrack");
    commands(Kind.OPEN_PARENTHESIS, "lparen");
    commands(Kind.CLOSE_PARENTHESIS, "rparen");
    commands(Kind.OPEN_ANGLE, "langle");
    commands(Kind.CLOSE_ANGLE, "rangle");
    commands(Kind.OPEN_FLOOR, "lfloor");
    commands(Kind.CLOSE_FLOOR, "rfloor");
    commands(Kind.OPEN_CEILING, "lceil");
    commands(Kind.CLOSE_CEILING, "rceil");
    commands(Kind.BAR, "vert lvert rvert");
    commands(Kind.COLON, "colon");
    commands(Kind.APOSTROPHE, "prime");
    commands(Kind.LOGARITHM, "log lg");

    words(Kind.SURD, "sqrt");
    words(Kind.PI, "pi");
    words(Kind.INFINITY, "inf infty infinity");

    words(Kind.MODULO, "mod");
    words(Kind.LOGARITHM, "log lg");
    words(Kind.PERCENT, "percent pct percentage");

    characters(Kind.DOT, ".");
    characters(Kind.COMMA, ",，");
    characters(Kind.SEMICOLON, ";；");
    characters(Kind.COLON, ":∶");
    characters(Kind.APOSTROPHE, "'’′");
    characters(Kind.PLUS, "+＋");
    characters(Kind.MINUS, "-−－–‐");
    characters(Kind.PLUS_MINUS, "±");
    characters(Kind.MINUS_PLUS, "∓");
    characters(Kind.TIMES, "*×·⋅∙＊");
    characters(Kind.DIVIDED_BY, "÷");
    characters(Kind.SLASH, "/∕⁄");
    characters(Kind.CARET, "^");
    characters(Kind.UNDERSCORE, "_");
    characters(Kind.FACTORIAL, "!");
    characters(Kind.PERCENT, "%％");
    characters(Kind.DEGREE, "°∘º");
    characters(Kind.EQUALS, "=＝");
    characters(Kind.NOT_EQUALS, "≠");
    characters(Kind.LESS, "<＜");
    characters(Kind.GREATER, ">＞");
    characters(Kind.LESS_OR_EQUAL, "≤⩽≦");
    characters(Kind.GREATER_OR_EQUAL, "≥⩾≧");
    characters(Kind.APPROXIMATELY, "≈");
    characters(Kind.ELEMENT_OF, "∈");
    characters(Kind.NOT_ELEMENT_OF, "∉");
    characters(Kind.INTEGRAL, "∫");
    characters(Kind.ARROW, "→");
    named(Kind.SERIES, '∑', "sum");
    named(Kind.SERIES, '∏', "prod");
    named(Kind.SYMBOL, 'ℏ', "\\hbar");
    named(Kind.WORD, 'ℯ', "e");
    named(Kind.SYMBOL, '∂', "\\partial");
    characters(Kind.FOR_ALL, "∀");
    characters(Kind.CONGRUENT, "≡");
    characters(Kind.ELLIPSIS, "…⋯");
    characters(Kind.UNION, "∪");
    characters(Kind.INTERSECTION, "∩");
    characters(Kind.SET_MINUS, "∖");
    characters(Kind.EMPTY_SET, "∅");
    characters(Kind.INFINITY, "∞");
    characters(Kind.PI, "π");
    characters(Kind.SURD, "√");
    characters(Kind.OPEN_PARENTHESIS, "(（");
    characters(Kind.CLOSE_PARENTHESIS, ")）");
    characters(Kind.OPEN_BRACKET, "[［");
    characters(Kind.CLOSE_BRACKET, "]］");
    characters(Kind.OPEN_SET, "｛");
    characters(Kind.CLOSE_SET, "｝");
    characters(Kind.OPEN_ANGLE, "⟨");
    characters(Kind.CLOSE_ANGLE, "⟩");
    characters(Kind.OPEN_FLOOR, "⌊");
    characters(Kind.CLOSE_FLOOR, "⌋");
    characters(Kind.OPEN_CEILING, "⌈");
    characters(Kind.CLOSE_CEILING, "⌉");
    characters(Kind.BAR, "|");
    characters(Kind.NEXT_CELL, "&");
    named(Kind.CURRENCY, '$', "dollar");
    named(Kind.CURRENCY, '€', "euro");
    named(Kind.CURRENCY, '£', "sterling");
    named(Kind.CURRENCY, '¥', "yen");
    named(Kind.CURRENCY, '₹', "rupee");
    named(Kind.NUMBER_SET, 'ℝ', "R");
    named(Kind.NUMBER_SET, 'ℤ', "Z");
    named(Kind.NUMBER_SET, 'ℕ', "N");
    named(Kind.NUMBER_SET, 'ℚ', "Q");
    named(Kind.NUMBER_SET, 'ℂ', "C");
    for (int i = 0; i < GREEK_CHARACTERS.length(); i++) {
      named(Kind.SYMBOL, GREEK_CHARACTERS.charAt(i), "\\" + GREEK_CHARACTER_NAMES.get(i));
    }
  }

  private Spellings() {}

  private static void commands(Kind kind, String names) {
    for (String name : names.split(" ", -1)) {
      COMMANDS.put(name, kind);
    }
  }

  private static void words(Kind kind, String names) {
    for (String name : names.split(" ", -1)) {
      WORDS.put(name, kind);
    }
  }

  private static void characters(Kind kind, String all) {
    all.chars().forEach(c -> CHARACTERS.put((char) c, Meaning.of(kind)));
  }

  private static void named(Kind kind, char c, String text) {
    CHARACTERS.put(c, new Meaning(kind, text));
  }

  /** The meaning of a command without its backslash; empty for one that no form contains. */
  static Optional<Meaning> ofCommand(String name) {
    Kind kind = COMMANDS.get(name);
    if (kind != null) {
      return Optional.of(Meaning.of(kind));
    }
    if (GREEK.contains(name)) {
      return Optional.of(new Meaning(Kind.SYMBOL, "\\" + plainGreek(name)));
    }
    if (LETTERS.contains(name)) {
      return Optional.of(new Meaning(Kind.SYMBOL, "\\" + name));
    }
    if (name.equals("sum") || name.equals("prod")) {
      return Optional.of(new Meaning(Kind.SERIES, name));
    }
    return ofOperator(name).or(() -> function(name));
  }

  /** The meaning of a name that only stands upright: {@code \operatorname{lcm}}. */
  static Optional<Meaning> ofOperator(String name) {
    if (SEVERAL.contains(name)) {
      return Optional.of(new Meaning(Kind.SEVERAL, name));
    }
    if (name.equals("det") || name.equals("tr")) {
      return Optional.of(new Meaning(Kind.MATRIX_FUNCTION, name));
    }
    return Optional.ofNullable(PARTS.get(name))
        .map(part -> new Meaning(Kind.FUNCTION, part.name()));
  }

  /** The meaning of a run of letters that is a name rather than symbols side by side. */
  static Optional<Meaning> ofWord(String word) {
    Kind kind = WORDS.get(word);
    if (kind != null) {
      return Optional.of(Meaning.of(kind));
    }
    if (word.equals("and") || word.equals("or")) {
      return Optional.of(new Meaning(Kind.CONNECTIVE, word));
    }
    if (word.length() > 2 && GREEK.contains(word)) {
      return Optional.of(new Meaning(Kind.SYMBOL, "\\" + plainGreek(word)));
    }
    return function(word);
  }

  /** The meaning of a word of running text that isn't only a word. */
  static Optional<Meaning> ofTextWord(String word) {
    return switch (word) {
      case "gcd", "lcm" -> ofOperator(word);
      default ->
          ofWord(word)
              .filter(
                  meaning ->
                      meaning.kind() == Kind.CONNECTIVE
                          || meaning.kind() == Kind.PERCENT
                          || meaning.kind() == Kind.MODULO);
    };
  }

  static Optional<Meaning> ofCharacter(char c) {
    return Optional.ofNullable(CHARACTERS.get(c));
  }

  /** The function name that a run of letters such as {@code sinx} begins with, if any. */
  static Optional<String> functionPrefix(String word) {
    return FUNCTION_PREFIXES.stream().filter(word::startsWith).findFirst();
  }

  private static Optional<Meaning> function(String name) {
    if (name.equals("cis")) {
      return Optional.of(new Meaning(Kind.FUNCTION, CIS));
    }
    return Optional.ofNullable(FUNCTIONS.get(name))
        .map(function -> new Meaning(Kind.FUNCTION, function.name()));
  }

  private static String plainGreek(String name) {
    return name.startsWith("var") ? name.substring("var".length()) : name;
  }
}

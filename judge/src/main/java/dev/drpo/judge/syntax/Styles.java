package dev.drpo.judge.syntax;

import dev.drpo.judge.syntax.Token.Kind;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands and environments that set type and say nothing. */
final class Styles {
  /** Commands whose argument is math like any other. */
  static final Set<String> MATH =
      words(
          "mathbf mathit mathsf mathtt mathnormal boldsymbol bm boxed fbox underline ensuremath"
              + " underbrace overbrace");

  /** Commands whose argument is upright, as units and operators are. */
  static final Set<String> UPRIGHT = words("mathrm operatorname rm");

  /** Commands whose argument is running text. */
  static final Set<String> TEXT =
      words("text textbf textit textrm textnormal textsf texttt textup mbox hbox emph");

  /** Commands without an argument. */
  static final Set<String> MEANINGLESS =
      words(
          "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle"
              + " displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits bf it rm"
              + " hfill nonumber notag hline toprule midrule bottomrule centering noindent strut"
              + " mathstrut allowbreak nobreak tiny scriptsize footnotesize small normalsize large"
              + " Large LARGE huge Huge");

  /** Environments that only set lines apart. */
  static final Set<String> ENVIRONMENTS =
      words(
          "aligned align align* alignat alignat* gather gather* gathered equation equation* split"
              + " multline multline* eqnarray eqnarray* displaymath math center");

  private Styles() {}

  private static Set<String> words(String words) {
    return Arrays.stream(words.split(" ", -1)).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a line that begins so goes on with what the line before said. */
  static boolean continuesLine(Kind kind) {
    return switch (kind) {
      case EQUALS,
          APPROXIMATELY,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          CONGRUENT,
          PLUS,
          MINUS,
          TIMES,
          COMMA,
          SEMICOLON,
          CONNECTIVE,
          DOT ->
          true;
      default -> false;
    };
  }
}

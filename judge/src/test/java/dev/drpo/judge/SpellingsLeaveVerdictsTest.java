package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Spellings of numbers and markup around answers change no verdict. */
class SpellingsLeaveVerdictsTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  private void assertEqual(String gold, String answer) {
    assertThat(judge.compare(gold, answer, Conventions.DEFAULT))
        .as("%s against %s", gold, answer)
        .isInstanceOf(Verdict.Equal.class);
  }

  private void assertDifferent(String gold, String answer) {
    assertThat(judge.compare(gold, answer, Conventions.DEFAULT))
        .as("%s against %s", gold, answer)
        .isInstanceOf(Verdict.NotEqual.class);
  }

  @Property(tries = 300)
  void spacesBetweenThousandsHaveNoValue(
      @ForAll @IntRange(min = 1000) int integer, @ForAll("spaces") String space) {
    String grouped =
        Integer.toString(integer).replaceAll("(?<=\\d)(?=(\\d{3})+$)", "_").replace("_", space);
    assertEqual(Integer.toString(integer), grouped);
    assertDifferent(Integer.toString(integer ^ 1), grouped);
  }

  @Property(tries = 300)
  void markupAroundAnAnswerSaysNothing(
      @ForAll("answers") String left,
      @ForAll("answers") String right,
      @ForAll("markups") String markup) {
    Verdict plain = judge.compare(left, right, Conventions.DEFAULT);
    Verdict marked = judge.compare(left, markup.formatted(right), Conventions.DEFAULT);
    assertThat(marked instanceof Verdict.Equal)
        .as("%s against %s", left, markup.formatted(right))
        .isEqualTo(plain instanceof Verdict.Equal);
  }

  @Property(tries = 200)
  void aDotOrABarOrDotsTellTheSameDigitsToRecur(
      @ForAll @IntRange(min = 0, max = 99) int before,
      @ForAll @IntRange(min = 1, max = 8) int digit) {
    String bar = "0." + before + "\\overline{" + digit + "}";
    assertEqual(bar, "0." + before + "\\dot" + digit);
    assertEqual(bar, "0." + before + Integer.toString(digit).repeat(3) + "\\ldots");
    assertDifferent(bar, "0." + before + "\\dot" + (digit + 1));
  }

  @Property(tries = 200)
  void minutesOfArcAreSixtiethsOfADegree(
      @ForAll @IntRange(min = 0, max = 359) int degrees,
      @ForAll @IntRange(min = 0, max = 59) int minutes) {
    String written = degrees + "^\\circ" + minutes + "'";
    assertEqual("\\frac{%d}{60}^\\circ".formatted(60 * degrees + minutes), written);
    assertDifferent("\\frac{%d}{60}^\\circ".formatted(60 * degrees + minutes + 1), written);
  }

  @Provide
  Arbitrary<String> spaces() {
    return Arbitraries.of(" ", "~", "\\ ", "\\;", "\\:", "\\,", "{,}");
  }

  @Provide
  Arbitrary<String> markups() {
    return Arbitraries.of(
        "\\begin{aligned}%s\\end{aligned}",
        "\\begin{equation*}%s\\end{equation*}",
        "\\Large %s",
        "**%s**",
        "%s\\tag{7}",
        "%s\\label{eq:7}",
        "\\ensuremath{%s}",
        "\\mathstrut %s",
        "\\textcolor{red}{%s}",
        "%s\\hspace{2cm}");
  }

  @Provide
  Arbitrary<String> answers() {
    return Arbitraries.of(
        "5",
        "\\frac12",
        "0.5",
        "x=5",
        "(1,2)",
        "[0,1)",
        "\\{1,2\\}",
        "\\mathbb{Z}",
        "n\\pi,n\\in\\mathbb{Z}",
        "|x|<3",
        "-3<x<3",
        "3\\pmod5",
        "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
        "\\sum_{k=1}^{3}k",
        "6",
        "y'",
        "2x+1");
  }
}

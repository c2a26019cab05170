package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class JudgePropertiesTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @Property(tries = 3000)
  void everyTextIsJudgedWithinTheBudgetAndAlikeInBothDirections(
      @ForAll("texts") String left, @ForAll("texts") String right) {
    Verdict there = judge.compare(left, right, Conventions.DEFAULT);
    Verdict back = judge.compare(right, left, Conventions.DEFAULT);
    assertThat(there instanceof Verdict.Equal).isEqualTo(back instanceof Verdict.Equal);
    assertThat(there.evidence().steps()).isLessThan(Limits.DEFAULT.steps());
  }

  @Property
  void everySpellingOfAFractionIsTheSameNumber(
      @ForAll BigInteger numerator,
      @ForAll @IntRange(min = 1, max = 10_000) int denominator,
      @ForAll @IntRange(min = 1, max = 50) int factor) {
    String reduced = numerator + "/" + denominator;
    BigInteger scaled = numerator.multiply(BigInteger.valueOf(factor));
    String tex = "\\frac{" + scaled + "}{" + (long) denominator * factor + "}";
    String negated = "-\\dfrac{" + scaled.negate() + "}{" + (long) denominator * factor + "}";
    assertThat(judge.compare(reduced, tex, Conventions.DEFAULT)).isInstanceOf(Verdict.Equal.class);
    assertThat(judge.compare(tex, negated, Conventions.DEFAULT)).isInstanceOf(Verdict.Equal.class);
  }

  @Property
  void neighbouringIntegersDiffer(@ForAll BigInteger integer) {
    String next = integer.add(BigInteger.ONE).toString();
    assertThat(judge.compare(integer.toString(), next, Conventions.DEFAULT))
        .isInstanceOf(Verdict.NotEqual.class);
  }

  @Property
  void thousandsSeparatorsHaveNoValue(
      @ForAll @IntRange(min = 1000) int integer, @ForAll("separators") String separator) {
    String plain = Integer.toString(integer);
    String grouped = plain.replaceAll("(?<=\\d)(?=(\\d{3})+$)", "_").replace("_", separator);
    assertThat(judge.compare(plain, grouped, Conventions.DEFAULT))
        .isInstanceOf(Verdict.Equal.class);
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of(",", "{,}", "\\,", "\\!", ",\\!");
  }

  /** Strings over the grammar's own pieces, which reach deeper than random characters do. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "1", "2", "07", "123", "000", ".", ",", "{,}", "\\,", " ", "+", "-", "/", "\\frac", "{",
            "}", "\\text{", "\\%", "\\$", "$", "e", "\\times", "10", "^", "percent", "\\", "x",
            "\u2212");
    Arbitrary<String> grammatical = pieces.list().ofMaxSize(12).map(list -> String.join("", list));
    return Arbitraries.oneOf(grammatical, Arbitraries.strings().ofMaxLength(40));
  }
}

package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What is written in another way stays equal, and what is changed by a little does not. */
class RewritingTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @Property(tries = 300)
  void anExpandedProductIsTheProduct(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = -9, max = 9) Integer> roots,
      @ForAll Random random) {
    String product =
        roots.stream().map(root -> "(x" + signed(-root) + ")").collect(Collectors.joining());
    List<BigInteger> coefficients = expanded(roots);
    assertEqual(product, polynomial(coefficients, random));

    int changed = random.nextInt(coefficients.size());
    coefficients.set(changed, coefficients.get(changed).add(BigInteger.ONE));
    assertDifferent(product, polynomial(coefficients, random));
  }

  @Property(tries = 300)
  void termsAndFactorsMayBeReordered(
      @ForAll @Size(min = 2, max = 6) List<@From("terms") String> terms, @ForAll Random random) {
    String sum = String.join(" + ", terms);
    List<String> shuffled = new ArrayList<>(terms);
    Collections.shuffle(shuffled, random);
    assertEqual(sum, String.join("+", shuffled));
    assertEqual(
        terms.stream().map(term -> "(" + term + ")").collect(Collectors.joining()),
        shuffled.stream()
            .map(term -> "\\left(" + term + "\\right)")
            .collect(Collectors.joining("\\cdot ")));
  }

  @Property(tries = 300)
  void listsAreUnorderedAndTuplesAreNot(
      @ForAll @Size(min = 2, max = 5) List<@From("terms") String> elements, @ForAll Random random) {
    List<String> shuffled = new ArrayList<>(elements);
    Collections.shuffle(shuffled, random);
    assertEqual(String.join(", ", elements), "\\{" + String.join(",", shuffled) + "\\}");
    String tuple = "(" + String.join(", ", elements) + ")";
    boolean same = judge(tuple, "(" + String.join(", ", shuffled) + ")") instanceof Verdict.Equal;
    boolean inPlace = true;
    for (int i = 0; i < elements.size(); i++) {
      inPlace &= judge(elements.get(i), shuffled.get(i)) instanceof Verdict.Equal;
    }
    assertThat(same).isEqualTo(inPlace);
  }

  @Property(tries = 500)
  void styleAndSpaceHaveNoMeaning(
      @ForAll("terms") String left, @ForAll("terms") String right, @ForAll("styles") String style) {
    String plain = "\\frac{" + left + "}{7}-" + right;
    assertEqual(plain, style.formatted(plain));
    assertEqual(plain, plain.replace("-", " - ").replace("+", "\\,+\\; "));
    assertEqual(plain, plain.replace("\\frac", "\\dfrac").replace("-", "\u2212"));
  }

  @Property(tries = 500)
  void everyPairIsJudgedAlikeInBothDirections(
      @ForAll("terms") String left, @ForAll("terms") String right) {
    assertThat(judge(left, right) instanceof Verdict.Equal)
        .isEqualTo(judge(right, left) instanceof Verdict.Equal);
  }

  /** A double can't tell the two apart, so that only exact arithmetic rejects them. */
  @Property(tries = 500)
  void numbersThatAgreeAsDoublesButDifferAreRejected(
      @ForAll @IntRange(min = 1, max = 1_000_000) int number,
      @ForAll @IntRange(min = 18, max = 60) int digits) {
    BigDecimal exact = BigDecimal.valueOf(number);
    BigDecimal near = exact.add(BigDecimal.ONE.movePointLeft(digits));
    assertThat(near.doubleValue()).isEqualTo(exact.doubleValue());
    assertDifferent(exact.toPlainString(), near.toPlainString());
    assertDifferent(
        "\\sqrt{" + exact.toPlainString() + "}", "\\sqrt{" + near.toPlainString() + "}");
    assertDifferent("\\sin " + exact.toPlainString(), "\\sin " + near.toPlainString());
  }

  private Verdict judge(String gold, String answer) {
    return judge.compare(gold, answer, Conventions.DEFAULT);
  }

  private void assertEqual(String gold, String answer) {
    assertThat(judge(gold, answer))
        .as("%s against %s", gold, answer)
        .isInstanceOf(Verdict.Equal.class);
    assertThat(judge(answer, gold))
        .as("%s against %s", answer, gold)
        .isInstanceOf(Verdict.Equal.class);
  }

  private void assertDifferent(String gold, String answer) {
    assertThat(judge(gold, answer))
        .as("%s against %s", gold, answer)
        .isInstanceOf(Verdict.NotEqual.class);
  }

  /** Coefficients of the monic polynomial with these roots, the constant first. */
  private static List<BigInteger> expanded(List<Integer> roots) {
    List<BigInteger> coefficients = new ArrayList<>(List.of(BigInteger.ONE));
    for (int root : roots) {
      List<BigInteger> next =
          new ArrayList<>(Collections.nCopies(coefficients.size() + 1, BigInteger.ZERO));
      for (int power = 0; power < coefficients.size(); power++) {
        next.set(power + 1, next.get(power + 1).add(coefficients.get(power)));
        next.set(
            power,
            next.get(power).subtract(coefficients.get(power).multiply(BigInteger.valueOf(root))));
      }
      coefficients = next;
    }
    return coefficients;
  }

  private static String polynomial(List<BigInteger> coefficients, Random random) {
    List<String> terms = new ArrayList<>();
    for (int power = 0; power < coefficients.size(); power++) {
      String symbol = power == 0 ? "" : power == 1 ? "x" : "x^{" + power + "}";
      terms.add("(" + coefficients.get(power) + ")" + symbol);
    }
    Collections.shuffle(terms, random);
    return String.join(" + ", terms);
  }

  private static String signed(int number) {
    return number < 0 ? Integer.toString(number) : "+" + number;
  }

  @Provide
  Arbitrary<String> styles() {
    return Arbitraries.of(
        "$%s$",
        "\\(%s\\)",
        "{%s}",
        "\\displaystyle %s",
        "\\mathbf{%s}",
        "%s.",
        " %s ",
        "\\boxed{%s}",
        "\\left(%s\\right)");
  }

  @Provide
  Arbitrary<String> terms() {
    return Arbitraries.of(
        "1",
        "2",
        "17",
        "\\frac{3}{4}",
        "0.5",
        "x",
        "2x",
        "x^2",
        "3xy",
        "\\sqrt{2}",
        "2\\sqrt{3}",
        "\\pi",
        "\\frac{\\pi}{3}",
        "e^2",
        "\\ln 2",
        "\\sin 1",
        "y^{-1}",
        "\\sqrt{x^2+1}",
        "2^x",
        "5!",
        "\\binom{6}{2}",
        "i",
        "3i",
        "a_1",
        "\\theta");
  }
}

package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cost is asserted in steps, which are the same on every machine; no clock is read. */
class HostileInputTest {
  private static final long FEW_STEPS = 20_000;

  private final Judge judge = new Judge(Limits.DEFAULT);

  static Stream<String> hugeNumbers() {
    return Stream.of(
        "1e999999999",
        "1e-999999999",
        "0e99999999999999999999",
        "9".repeat(2001),
        "1.".concat("3".repeat(2001)));
  }

  @ParameterizedTest
  @MethodSource("hugeNumbers")
  void hugeNumbersAreRefusedBeforeTheyAreComputed(String answer) {
    for (Verdict verdict :
        List.of(
            judge.compare("5", answer, Conventions.DEFAULT),
            judge.compare(answer, "5", Conventions.DEFAULT))) {
      assertThat(verdict).isInstanceOf(Verdict.BudgetExceeded.class);
      assertThat(verdict.evidence().rule()).isEqualTo(Rule.NUMBER_SIZE_LIMIT);
      assertThat(verdict.evidence().steps()).isLessThan(FEW_STEPS);
    }
  }

  static Stream<String> powersAndFactorials() {
    return Stream.of(
        "1 \\times 10^{999999999}",
        "1 \\times 10^{-99999999999999999999999}",
        "\\frac{" + "9".repeat(1500) + "}{" + "7".repeat(1500) + "}",
        "\\frac{1e1500}{1e-1500}",
        "9^{9^{9^9}}",
        "9^{9^{9^{9^{9^9}}}}",
        "99999999!",
        "((20)!)!",
        "((((3!)!)!)!)!",
        "\\binom{10^9}{5\\cdot10^8}",
        "(x+1)**9999",
        "(x+1)^{9999}(x-1)^{9999}",
        "e^{e^{e^{e^e}}}",
        "\\sin(10^{10^{10}})",
        "\\sqrt[999999999]{2}",
        "2^{\\sqrt{2}^{\\sqrt{2}^{\\sqrt{2}^{\\sqrt{2}}}}}",
        "x^{y^{z^{x^{y^z}}}}");
  }

  @ParameterizedTest
  @MethodSource("powersAndFactorials")
  void towersAreDecidedOrRefusedWithinAFractionOfTheBudget(String answer) {
    for (Verdict verdict :
        List.of(
            judge.compare("5", answer, Conventions.DEFAULT),
            judge.compare(answer, "5", Conventions.DEFAULT))) {
      assertThat(verdict).isNotInstanceOf(Verdict.Equal.class);
      assertThat(verdict.evidence().steps()).isLessThan(Limits.DEFAULT.steps() / 4);
    }
  }

  /** Forms that repeat an operand, so that nesting would double what is read of them. */
  static Stream<String> notations() {
    return Stream.of(
        "\\max(x,".repeat(50) + "y" + ")".repeat(50),
        "\\int_0^{".repeat(40) + "x" + "}x^8+x+1\\,dx".repeat(40),
        "{}_{10}P_{".repeat(40) + "3" + "}".repeat(40),
        "\\begin{pmatrix}x&y&z&w\\\\a&b&c&d\\\\x&y&z&w\\\\a&b&c&d\\end{pmatrix}^3".repeat(4),
        "y=" + "\\frac{1}{x+".repeat(55) + "1" + "}".repeat(55),
        "\\sum_{k=1}^{9^{9^9}}k",
        "\\sum_{k=1}^{n}\\sum_{j=1}^{k}".repeat(20) + "1",
        "\\{1,2,\\ldots,9^{9^9}\\}",
        "x\\equiv x^{99}\\pmod{199}",
        "((x^8)^8)^8>1",
        "\\{x: x\\in".repeat(30) + "\\mathbb{Z}" + "\\}".repeat(30),
        "n\\sqrt2,n\\sqrt3,n\\sqrt5,n\\pi,n\\in\\mathbb{Z}",
        "999999999999!!");
  }

  @ParameterizedTest
  @MethodSource("notations")
  void theNotationOfTextbooksCostsNoMoreThanAFractionOfTheBudget(String answer) {
    for (String gold : List.of("5", "x>2", "y=\\frac1x", "\\{1,2\\}", "k\\pi, k\\in\\mathbb{Z}")) {
      Verdict verdict = judge.compare(gold, answer, Conventions.DEFAULT);
      assertThat(verdict).isNotInstanceOf(Verdict.Equal.class);
      assertThat(verdict.evidence().steps()).isLessThan(Limits.DEFAULT.steps() / 2);
    }
  }

  @Test
  void deepNestingIsRefused() {
    for (String opening : List.of("{", "\\text{", "\\frac{", "-{")) {
      String answer = opening.repeat(500) + "1" + "}".repeat(500);
      Verdict verdict = judge.compare("5", answer, Conventions.DEFAULT);
      assertThat(verdict).isInstanceOf(Verdict.BudgetExceeded.class);
      assertThat(verdict.evidence().rule()).isEqualTo(Rule.NESTING_LIMIT);
    }
  }

  @Test
  void aResponseFullOfOpenBracesIsScannedOnce() {
    for (String flood : List.of("{", "\\boxed{", "\\", "\\boxed", "}", "<think>", "\\boxed{ ")) {
      String response = "</think>" + flood.repeat(1_000_000 / flood.length()) + "\\boxed{5}";
      Verdict verdict = judge.judge(response, List.of("5"), Conventions.DEFAULT);
      assertThat(verdict.evidence().steps())
          .isBetween(response.length() / 8L, response.length() / 8L + FEW_STEPS);
    }
  }

  @Test
  void longAnswersAndResponsesAreRefused() {
    String answer = "1".repeat(5000);
    Verdict verdict =
        judge.judge("</think>\\boxed{" + answer + "}", List.of(answer), Conventions.DEFAULT);
    assertThat(verdict).isInstanceOf(Verdict.BudgetExceeded.class);
    assertThat(verdict.evidence().rule()).isEqualTo(Rule.ANSWER_SIZE_LIMIT);
    assertThat(verdict.evidence().extracted()).hasSize(Limits.DEFAULT.answerCharacters());

    Verdict flooded = judge.judge("x".repeat(2_000_000), List.of("5"), Conventions.DEFAULT);
    assertThat(flooded.evidence().rule()).isEqualTo(Rule.RESPONSE_SIZE_LIMIT);
  }

  @Test
  void theStepLimitEndsAJudgementAndIsReported() {
    Judge thrifty = new Judge(new Limits(1000, 1000, 64, 1000, 40));
    Verdict inAnswer = thrifty.compare("5", "1".repeat(50), Conventions.DEFAULT);
    Verdict inResponse = thrifty.judge("x".repeat(500), List.of("5"), Conventions.DEFAULT);
    for (Verdict verdict : List.of(inAnswer, inResponse)) {
      assertThat(verdict).isInstanceOf(Verdict.BudgetExceeded.class);
      assertThat(verdict.evidence().rule()).isEqualTo(Rule.STEP_LIMIT);
      assertThat(verdict.evidence().steps()).isEqualTo(40);
    }
  }
}

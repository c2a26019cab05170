package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.task.ArithmeticProblem.Step;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArithmeticProblemTest {
  private static final ArithmeticProblem EXAMPLE =
      new ArithmeticProblem(
          12,
          List.of(
              new Step(Operator.MULTIPLY, 3),
              new Step(Operator.ADD, 9),
              new Step(Operator.MULTIPLY, 3)));

  @Test
  void theExampleReadsAndAnswersAsDocumented() {
    assertThat(EXAMPLE.prompt()).isEqualTo("12 a * 3 b + 9 c * 3 ?");
    assertThat(EXAMPLE.id()).isEqualTo("mod20-12x3p9x3");
    assertThat(EXAMPLE.answer()).isEqualTo(15);
  }

  @Test
  void answersAgreeWithExactArithmeticOnThePromptText() {
    var generator = new ProblemGenerator(new Random(1));
    for (int i = 0; i < 5_000; i++) {
      ArithmeticProblem problem = generator.next(Split.TRAIN);
      assertThat(problem.answer()).as(problem.prompt()).isEqualTo(exactAnswer(problem.prompt()));
    }
  }

  @Test
  void aTenthOfTheProblemsIsHeldOut() {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (int start = 0; start < ArithmeticProblem.MODULUS; start++) {
      for (Step first : everyStep()) {
        for (Step second : everyStep()) {
          var problem = new ArithmeticProblem(start, List.of(first, second));
          counts.merge(problem.split(), 1, Integer::sum);
        }
      }
    }
    assertThat(counts.get(Split.TRAIN) + counts.get(Split.HELD_OUT)).isEqualTo(20 * 24 * 24);
    assertThat(counts.get(Split.HELD_OUT)).isBetween(1_080, 1_220);
  }

  @Test
  void theHeldOutRuleIsTheCrc32ThatOtherLanguagesCompute() {
    // zlib.crc32 of these is 1956916150 and, for the second, not divisible by ten.
    assertThat(Split.of("0 a + 4 b + 2 ?")).isEqualTo(Split.HELD_OUT);
    assertThat(Split.of("0 a + 3 b + 2 ?")).isEqualTo(Split.TRAIN);
  }

  @Test
  void everyNumberOfStepsIsEquallyLikely() {
    var generator = new ProblemGenerator(new Random(2));
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      counts.merge(generator.next(Split.TRAIN).steps().size(), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys(2, 3, 4, 5, 6);
    assertThat(counts.values()).allSatisfy(n -> assertThat(n).isBetween(1_800, 2_200));
  }

  @Test
  void aProblemOutsideTheTaskIsRefused() {
    assertThatThrownBy(() -> new Step(Operator.ADD, 10))
        .hasMessage("operand is 10; it must lie in 2..9");
    assertThatThrownBy(() -> new ArithmeticProblem(20, EXAMPLE.steps()))
        .hasMessage("start is 20; it must lie in 0..19");
    assertThatThrownBy(() -> new ArithmeticProblem(0, EXAMPLE.steps().subList(0, 1)))
        .hasMessage("number of steps is 1; it must lie in 2..6");
  }

  private static List<Step> everyStep() {
    return Arrays.stream(Operator.values())
        .flatMap(operator -> IntStream.rangeClosed(2, 9).mapToObj(n -> new Step(operator, n)))
        .toList();
  }

  /** Evaluates the text without reducing, and reduces once at the end. */
  private static int exactAnswer(String prompt) {
    String[] words = prompt.split(" ", -1);
    var value = new BigInteger(words[0]);
    for (int i = 1; i + 2 < words.length; i += 3) {
      var operand = new BigInteger(words[i + 2]);
      value =
          switch (words[i + 1]) {
            case "+" -> value.add(operand);
            case "-" -> value.subtract(operand);
            case "*" -> value.multiply(operand);
            default -> throw new AssertionError("operator " + words[i + 1]);
          };
    }
    return value.mod(BigInteger.valueOf(20)).intValueExact();
  }
}

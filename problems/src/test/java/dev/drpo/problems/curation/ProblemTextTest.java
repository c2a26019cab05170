package dev.drpo.problems.curation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTextTest {
  private final ProblemText text = new ProblemText(List.of("Box it."));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Find $x + y$.           | find $x+y$",
        "Find $x$ and \\[y\\].   | Find \\(x\\) and $$y$$",
        "\\dfrac{1}{2}           | \\frac{1}{2}",
        "\\left( 3, 4 \\right)   | (3,4)",
        "a,\\ b\\quad c~d        | a, b c d",
        "Janet’s “ducks”         | Janet's \"ducks\"",
        "x²                      | x2",
        "It costs \\$5           | it costs 5",
        "How many?               | how  many",
        "How many? Box it.       | how many",
        "How many? Let's think step by step and output the final answer within \\boxed{}. | How many?",
      })
  void whatOnlySetsATextDifferentlyMakesNoDifference(String one, String other) {
    assertThat(text.of(Made.problem("a", one, "1")))
        .isEqualTo(text.of(Made.problem("b", other, "1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Find $x + y$       | Find $x - y$",
        "Find $x_1$         | Find $x_2$",
        "Is 3 < 4           | Is 3 > 4",
        "a (b)              | a [b]",
        "\\lefteqn{a}       | eqn{a}",
        "row \\\\[2pt] end  | row 2pt] end",
        "Solve x^{12}       | Solve x^{1}2",
      })
  void everythingElseDoes(String one, String other) {
    assertThat(text.of(Made.problem("a", one, "1")))
        .isNotEqualTo(text.of(Made.problem("b", other, "1")));
  }

  @Test
  void theSystemMessageIsNoPartOfTheProblem() {
    Problem briefly =
        new Problem(
            "a",
            List.of(new ChatMessage("system", "Be brief."), new ChatMessage("user", "Why?")),
            List.of("1"),
            Map.of());
    assertThat(text.of(briefly)).isEqualTo(text.of(Made.problem("b", "why", "1")));
  }
}

package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionConventionsTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  private Verdict judge(String response, Map<String, String> named) {
    return judge.judge(response, List.of("42"), Conventions.DEFAULT.with(named));
  }

  private void assertRight(String response, Map<String, String> named) {
    assertThat(judge(response, named)).as(response).isInstanceOf(Verdict.Equal.class);
  }

  private void assertNone(String response, Map<String, String> named) {
    assertThat(judge(response, named)).as(response).isInstanceOf(Verdict.NoAnswer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<thinking>41 \\boxed{41}</thinking>\\boxed{42}",
        "<reasoning>41</reasoning> so \\boxed{42}",
        "<thought>41</thought><thought>\\boxed{41}</thought>\\boxed{42}",
        "<|begin_of_thought|>41<|end_of_thought|>\\boxed{42}",
        "<think>41</think>\\boxed{42}<reflection>\\boxed{41}",
      })
  void otherTagsEncloseReasoningWhereTheConventionSaysSo(String response) {
    assertRight(response, Map.of("reasoning", "any-tag"));
  }

  @Test
  void otherTagsAreTextByDefault() {
    assertNone("<thinking>41</thinking>\\boxed{42}", Map.of());
    assertRight("<think>a</think>\\boxed{41}<think>b</think>\\boxed{42}", Map.of());
    assertNone("<thinking>\\boxed{42}</thinking>", Map.of("reasoning", "any-tag"));
  }

  @Test
  void hashesMarkTheAnswerAsInGsm8k() {
    Map<String, String> hashes = Map.of("extraction", "hashes", "require-think", "false");
    assertRight("6 * 7 = 42\n#### 42", hashes);
    assertRight("#### 41\n#### 42\nso it is", hashes);
    assertRight("#### 41 and \\boxed{42}", hashes);
    assertNone("It is $42$.", hashes);
    assertNone("####", hashes);
    assertNone("#### 42", Map.of("require-think", "false"));
    assertNone("<think>#### 42</think>It is so.", hashes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "First $41$, then $42$.",
        "It is \\(42\\).",
        "So \\[x = 42\\]",
        "$$42$$",
        "It costs \\$5, which is $42$",
        "a $ sign, and \\(42\\)",
        "$41$ but \\boxed{42}",
        "$41$\n#### 42",
      })
  void theLastFormulaCountsWhereTheConventionSaysSo(String response) {
    assertRight(response, Map.of("profile", "math-verify"));
  }

  @Test
  void aFormulaThatNeverEndsIsNone() {
    Map<String, String> formula = Map.of("extraction", "last-formula", "require-think", "false");
    assertNone("It is \\(42", formula);
    assertNone("nothing", formula);
    assertNone("<think>$42$</think>nothing", formula);
  }
}

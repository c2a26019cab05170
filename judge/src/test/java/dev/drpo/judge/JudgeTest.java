package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @Test
  void aVerdictQuotesTheAnswerAndBothNormalForms() {
    Verdict verdict = judge("so </think> it is \\boxed{ -3\\frac89 }", "-70/18");
    assertThat(verdict).isInstanceOf(Verdict.Equal.class);
    Verdict.Evidence evidence = verdict.evidence();
    assertThat(evidence.rule()).isEqualTo(Rule.EQUAL_NUMBERS);
    assertThat(evidence.extracted()).isEqualTo(" -3\\frac89 ");
    assertThat(evidence.normalGold()).isEqualTo("-35/9");
    assertThat(evidence.normalAnswer()).isEqualTo("-35/9");
    assertThat(evidence.steps()).isPositive();
  }

  @Test
  void anyGoldThatMatchesMakesTheResponseRight() {
    assertThat(judge("</think> \\boxed{2}", "\\foo", "1/0", "2")).isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void theGoldThatLeavesMostDoubtDecidesWhereNoneMatches() {
    assertThat(judge("</think> \\boxed{2}", "3", "\\foo", "4"))
        .isInstanceOf(Verdict.Unparseable.class);
    assertThat(judge("</think> \\boxed{2}", "3", "1/0")).isInstanceOf(Verdict.InvalidGold.class);
    assertThat(judge("</think> \\boxed{2}", "3", "4")).isInstanceOf(Verdict.NotEqual.class);
  }

  @Test
  void anEmptyGoldIsNeverAMatch() {
    assertThat(judge("</think> \\boxed{2}", "2", " ")).isInstanceOf(Verdict.InvalidGold.class);
    assertThat(judge("</think> \\boxed{$$}", "$$")).isInstanceOf(Verdict.InvalidGold.class);
    assertThat(judge("</think> \\boxed{2}")).isInstanceOf(Verdict.InvalidGold.class);
    assertThat(judge("</think> \\boxed{}", "2")).isInstanceOf(Verdict.NoAnswer.class);
    assertThat(judge("</think> \\boxed{$ $}", "2")).isInstanceOf(Verdict.NoAnswer.class);
  }

  @Test
  void aGoldWithoutValueIsInvalidEvenAgainstItself() {
    assertThat(judge.compare("1/0", "1/0", Conventions.DEFAULT))
        .isInstanceOf(Verdict.InvalidGold.class);
  }

  @Test
  void conventionsDecideWhereHabitsDiffer() {
    assertThat(compare("1/3", "0.333333", "decimals", "exact"))
        .isInstanceOf(Verdict.NotEqual.class);
    assertThat(compare("5\\%", "0.05", "percent", "typed")).isInstanceOf(Verdict.NotEqual.class);
    assertThat(compare("\\$5", "5", "currency", "required")).isInstanceOf(Verdict.NotEqual.class);
    Conventions silent = Conventions.DEFAULT.with(Map.of("require-think", "false"));
    assertThat(judge.judge("\\boxed{5}", List.of("5"), silent)).isInstanceOf(Verdict.Equal.class);
  }

  @Test
  void aGoldWithoutTextIsTheCallersErrorWhateverTheResponseIs() {
    assertThat(judge("no box", " ")).isInstanceOf(Verdict.InvalidGold.class);
    assertThat(judge("</think> \\boxed{}", "")).isInstanceOf(Verdict.InvalidGold.class);
  }

  @Test
  void anExplanationTellsTheWayToTheVerdict() {
    Explanation explanation =
        judge.explain("(1, 100\\text{ cm})", "(1, 1\\text{ m})", Conventions.DEFAULT);
    assertThat(explanation.verdict())
        .isEqualTo(judge.compare("(1, 100\\text{ cm})", "(1, 1\\text{ m})", Conventions.DEFAULT));
    assertThat(explanation.steps())
        .extracting(Explanation.Step::toString)
        .containsExactly(
            "Step[subject=gold, finding=reads as (1, 1 m)]",
            "Step[subject=answer, finding=reads as (1, 1 m)]",
            "Step[subject=element, finding=1 of 2]",
            "Step[subject=values, finding=1 and 1 are the same as written]",
            "Step[subject=element, finding=2 of 2]",
            "Step[subject=units, finding=both are converted to m]",
            "Step[subject=values, finding=1 and 1 are the same by exact arithmetic]",
            "Step[subject=comparison, finding=EQUAL by equal-tuples]");
  }

  private Verdict judge(String response, String... golds) {
    return judge.judge(response, List.of(golds), Conventions.DEFAULT);
  }

  private Verdict compare(String gold, String answer, String convention, String value) {
    return judge.compare(gold, answer, Conventions.DEFAULT.with(Map.of(convention, value)));
  }
}

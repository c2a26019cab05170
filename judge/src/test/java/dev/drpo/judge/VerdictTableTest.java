package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class VerdictTableTest {
  private final Judge judge = new Judge(Limits.DEFAULT);

  @ParameterizedTest(name = "{0} against {1}: {2}, {4}")
  @CsvFileSource(
      resources = "verdicts.psv",
      delimiter = '|',
      // No text of the table holds this character, so that quotes are plain text.
      quoteCharacter = '\u0001',
      ignoreLeadingAndTrailingWhitespace = true)
  void everyPairIsJudgedByTheRuleNamed(
      String gold, String answer, String verdict, String rule, String reason) {
    boolean oneWay = verdict.endsWith(">") || rule.equals(Rule.UNDEFINED_VALUE.id());
    assertJudgement(
        judge.compare(gold, answer, Conventions.DEFAULT), verdict.replace(">", ""), rule, reason);
    // Gold and answer differ in role where one is rounded, and a gold without value is an error.
    if (!oneWay) {
      assertJudgement(judge.compare(answer, gold, Conventions.DEFAULT), verdict, rule, reason);
    }
  }

  private static void assertJudgement(Verdict judged, String verdict, String rule, String reason) {
    assertThat(judged.getClass().getSimpleName()).as("%s: %s", reason, judged).isEqualTo(verdict);
    // Which side is unparseable depends on the direction.
    assertThat(judged.evidence().rule().id()).as(reason).startsWith(rule);
  }
}

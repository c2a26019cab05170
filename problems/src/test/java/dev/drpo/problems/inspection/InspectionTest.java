package dev.drpo.problems.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.drpo.judge.Judge;
import dev.drpo.judge.limit.Limits;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut;
import dev.drpo.problems.curation.LeftOut.Reason;
import dev.drpo.problems.inspection.Finding.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "72 | integer",
        "-3 | integer",
        "1,000 | integer",
        "0.50 | decimal",
        "\\frac{3}{4} | fraction",
        "-3/4 | fraction",
        "2\\sqrt{3} | expression",
        "x^2-1 | expression",
        "3:1 | ratio",
        "1011_2 | numeral-in-base",
        "(3, \\frac{\\pi}{2}) | tuple",
        "[0,1) | interval",
        "(-\\infty, 2) | interval",
        "1, 2 | list",
        "\\{1,2\\} | list",
        "(0,1)\\cup(2,3) | combination-of-sets",
        "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} | matrix",
        "y = 2x | relation",
        "\\text{(C)} | choice",
        "\\text{Tuesday} | text",
        "\\spadesuit | unreadable",
      })
  void kindsOfAnswersAreTheJudgesReading(String gold, String kind) {
    assertThat(AnswerKind.of(new Judge(Limits.DEFAULT), gold).id()).isEqualTo(kind);
  }

  @Test
  void quantilesAreThoseOfTheNearestRank() {
    Quantiles hundred = Quantiles.of(IntStream.rangeClosed(1, 100).map(i -> 101 - i).toArray());
    assertThat(hundred.mean()).isEqualTo(50.5);
    assertThat(hundred.values())
        .containsExactly(
            entry("min", 1),
            entry("10%", 10),
            entry("50%", 50),
            entry("90%", 90),
            entry("99%", 99),
            entry("max", 100));
    assertThat(Quantiles.of(new int[] {5, 1, 3}).values())
        .containsExactly(
            entry("min", 1),
            entry("10%", 1),
            entry("50%", 3),
            entry("90%", 5),
            entry("99%", 5),
            entry("max", 5));
  }

  @Test
  void statisticsCountGoldsKindsAndMetadata() {
    Statistics statistics =
        Statistics.of(
            List.of(
                problem("a", "one", Map.of("level", "1"), "1"),
                problem("b", "two", Map.of("level", "1"), "1/2", "x"),
                problem("c", "three", Map.of(), "2")),
            problem -> problem.messages().getFirst().content().length());

    assertThat(statistics.problems()).isEqualTo(3);
    assertThat(statistics.golds()).containsExactly(entry(1, 2), entry(2, 1));
    assertThat(statistics.kinds())
        .containsExactly(
            entry(AnswerKind.INTEGER, 2),
            entry(AnswerKind.FRACTION, 1),
            entry(AnswerKind.EXPRESSION, 1));
    assertThat(statistics.metadata()).containsExactly(entry("level", sorted("1", 2)));
    assertThat(statistics.promptLengths().values()).contains(entry("min", 3), entry("max", 5));
  }

  @Test
  void findingsNameWhatNoResponseOrOnlyOneCanMatch() {
    List<Finding> findings =
        Validation.of(
            List.of(
                problem("good", "q1", Map.of(), "\\frac12", "0.5"),
                problem("unreadable", "q2", Map.of(), "\\spadesuit"),
                problem("undefined", "q3", Map.of(), "\\frac{1}{0}"),
                problem("blank", "q4", Map.of(), "$ $"),
                problem("long", "q5", Map.of(), "1".repeat(5000)),
                problem("again", "Q1.", Map.of(), "1/2"),
                problem("other", "q1", Map.of(), "3")),
            Optional.empty());

    assertThat(findings)
        .extracting(Finding::kind, Finding::id)
        .containsExactly(
            tuple(Kind.UNREADABLE_GOLD, "unreadable"),
            tuple(Kind.GOLD_WITHOUT_VALUE, "undefined"),
            tuple(Kind.GOLD_WITHOUT_VALUE, "blank"),
            tuple(Kind.GOLD_TOO_LONG, "long"),
            tuple(Kind.DUPLICATE, "again"),
            tuple(Kind.DUPLICATE_WITH_OTHER_GOLD, "other"));
    assertThat(findings.get(0).detail()).contains("\\spadesuit", "outside the grammar");
    assertThat(findings.get(3).detail())
        .isEqualTo("5,000 characters; the judge reads at most 4,096");
  }

  @Test
  void promptsOverTheLimitAreFindings() {
    List<Finding> findings =
        Validation.of(
            List.of(problem("a", "q1", Map.of(), "1"), problem("b", "q2", Map.of(), "2")),
            Optional.of(
                problem ->
                    problem.id().equals("b")
                        ? Optional.of(new LeftOut("b", Reason.PROMPT_TOO_LONG, "9 tokens"))
                        : Optional.empty()));

    assertThat(findings).containsExactly(new Finding(Kind.PROMPT_TOO_LONG, "b", "9 tokens"));
  }

  private static SortedMap<String, Integer> sorted(String key, int value) {
    return new TreeMap<>(Map.of(key, value));
  }

  private static Problem problem(
      String id, String text, Map<String, String> metadata, String... golds) {
    return new Problem(id, List.of(new ChatMessage("user", text)), List.of(golds), metadata);
  }
}

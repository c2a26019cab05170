package dev.drpo.problems.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.drpo.problems.Problem;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CurationTest {
  private final ProblemText text = new ProblemText(List.of());

  @Test
  void ofProblemsWithOneTextTheFirstStaysAndOtherAnswersAreConflicts() {
    Curation curation = new Curation();
    curation.add(
        List.of(
            Made.problem("a", "Halve 1.", "0.5"),
            Made.problem("b", "halve $1$", "\\frac{1}{2}"),
            Made.problem("c", "Halve 1", "2"),
            Made.problem("d", "Halve 2.", "1"),
            Made.problem("e", "Halve 1.", "7", ".50")));

    curation.filter(new Duplicates(text));

    assertThat(curation.problems()).extracting(Problem::id).containsExactly("a", "d");
    assertThat(curation.leftOut())
        .containsExactly(
            new LeftOut("b", Reason.DUPLICATE, "as a"),
            new LeftOut("c", Reason.DUPLICATE_WITH_OTHER_GOLD, "2 here, 0.5 in a"),
            new LeftOut("e", Reason.DUPLICATE, "as a"));
  }

  @Test
  void whatAnEvaluationSetHasIsLeftOutWithItsPlaceThere() {
    EvaluationSets sets = new EvaluationSets(text);
    sets.add("MATH-500", List.of(Made.problem("test/1", "What is $1 + 1$?", "2")));
    Curation curation = new Curation();
    curation.add(
        List.of(Made.problem("a", "what is 1+1?", "2"), Made.problem("b", "what is 1+2?", "3")));

    curation.filter(sets);

    assertThat(curation.problems()).extracting(Problem::id).containsExactly("b");
    assertThat(curation.leftOut())
        .containsExactly(new LeftOut("a", Reason.IN_EVALUATION_SET, "test/1 of MATH-500"));
  }

  @Test
  void keepingSomeProblemsTellsOfTheOthers() {
    List<Problem> problems = Made.problems(3);
    Curation curation = new Curation();
    curation.add(problems);

    curation.keepOnly(problems.subList(0, 1), Reason.BEYOND_LIMIT);

    assertThat(curation.problems()).isEqualTo(problems.subList(0, 1));
    assertThat(curation.leftOut())
        .extracting(LeftOut::id, LeftOut::reason)
        .containsExactly(tuple("p1", Reason.BEYOND_LIMIT), tuple("p2", Reason.BEYOND_LIMIT));
  }

  @Test
  void aSplitGivesEveryProblemToOnePartInTheOrderOfTheFile() {
    List<Problem> problems = Made.problems(101);

    Map<String, List<Problem>> parts = split(7, problems);

    assertThat(parts.get("heldout")).hasSize(20);
    assertThat(parts.get("small")).hasSize(5);
    assertThat(parts.values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(problems);
    assertThat(parts.values())
        .allSatisfy(
            part -> assertThat(part).isEqualTo(problems.stream().filter(part::contains).toList()));
  }

  @Test
  void aDrawDependsOnTheSeedAndTheTextsAlone() {
    List<Problem> problems = Made.problems(100);
    List<Problem> renamed =
        new ArrayList<>(
            problems.stream()
                .map(
                    problem ->
                        new Problem(
                            "x" + problem.id(),
                            problem.messages(),
                            problem.golds(),
                            problem.metadata()))
                .toList());
    Collections.reverse(renamed);

    assertThat(texts(split(7, renamed).get("heldout")))
        .containsExactlyInAnyOrderElementsOf(texts(split(7, problems).get("heldout")));
    assertThat(split(8, problems).get("heldout")).isNotEqualTo(split(7, problems).get("heldout"));
    SeededDraw draw = new SeededDraw(7, text);
    assertThat(draw.sample(problems, 30)).hasSize(30).isEqualTo(draw.sample(problems, 30));
    assertThat(new SeededDraw(8, text).sample(problems, 30))
        .isNotEqualTo(draw.sample(problems, 30));
    assertThat(draw.sample(problems, 1000)).isEqualTo(problems);
  }

  @Test
  void aProblemThatJoinsTheFileMovesFewOthers() {
    List<Problem> before = Made.problems(100);
    List<Problem> after =
        Stream.concat(before.stream(), Stream.of(Made.problem("new", "Something else", "1")))
            .toList();

    List<Problem> moved = new ArrayList<>(split(7, before).get("heldout"));
    moved.removeAll(split(7, after).get("heldout"));

    assertThat(moved).hasSizeLessThan(2);
  }

  private Map<String, List<Problem>> split(long seed, List<Problem> problems) {
    LinkedHashMap<String, Double> fractions = new LinkedHashMap<>();
    fractions.put("heldout", 0.2);
    fractions.put("small", 0.05);
    return new SeededDraw(seed, text).split(problems, fractions);
  }

  private List<String> texts(Collection<Problem> problems) {
    return problems.stream().map(text::of).toList();
  }
}

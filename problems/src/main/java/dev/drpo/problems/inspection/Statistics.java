package dev.drpo.problems.inspection;

import dev.drpo.judge.Judge;
import dev.drpo.judge.limit.Limits;
import dev.drpo.problems.Problem;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What a data set holds.
 *
 * @param problems how many there are
 * @param golds problems by the number of their right answers
 * @param promptLengths of all prompts
 * @param kinds golds by kind
 * @param metadata problems by key and value
 */
public record Statistics(
    int problems,
    SortedMap<Integer, Integer> golds,
    Quantiles promptLengths,
    Map<AnswerKind, Integer> kinds,
    SortedMap<String, SortedMap<String, Integer>> metadata) {

  /**
   * Counts.
   *
   * @param problems at least one
   * @param length of a problem's prompt
   */
  public static Statistics of(List<Problem> problems, ToIntFunction<Problem> length) {
    Judge judge = new Judge(Limits.DEFAULT);
    SortedMap<Integer, Integer> golds = new TreeMap<>();
    Map<AnswerKind, Integer> kinds = new EnumMap<>(AnswerKind.class);
    SortedMap<String, SortedMap<String, Integer>> metadata = new TreeMap<>();
    for (Problem problem : problems) {
      golds.merge(problem.golds().size(), 1, Integer::sum);
      problem.golds().forEach(gold -> kinds.merge(AnswerKind.of(judge, gold), 1, Integer::sum));
      problem
          .metadata()
          .forEach(
              (key, value) ->
                  metadata
                      .computeIfAbsent(key, _ -> new TreeMap<>())
                      .merge(value, 1, Integer::sum));
    }
    return new Statistics(
        problems.size(),
        golds,
        Quantiles.of(problems.stream().mapToInt(length).toArray()),
        kinds,
        metadata);
  }
}

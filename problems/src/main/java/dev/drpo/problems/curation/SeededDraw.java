package dev.drpo.problems.curation;

import dev.drpo.problems.Problem;
import dev.drpo.problems.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Draws from problems by the hash of a seed and their texts. So a draw is the same whatever the
 * order of the file and the ids are, and a problem that joins the file moves few others. Problems
 * of one text stand side by side in a draw, but a part may end between them: remove duplicates
 * before.
 */
public final class SeededDraw {
  private final long seed;
  private final ProblemText text;

  public SeededDraw(long seed, ProblemText text) {
    this.seed = seed;
    this.text = text;
  }

  /** At most {@code count} problems, in the order of the file. */
  public List<Problem> sample(List<Problem> problems, int count) {
    Set<Problem> drawn =
        new HashSet<>(ranked("sample", problems).subList(0, Math.min(count, problems.size())));
    return problems.stream().filter(drawn::contains).toList();
  }

  /**
   * Parts that have no problem in common, each in the order of the file.
   *
   * @param fractions of the whole by part, each rounded to whole problems; their sum is at most 1
   * @return the parts, and under the empty name what is in none of them
   */
  public Map<String, List<Problem>> split(
      List<Problem> problems, SequencedMap<String, Double> fractions) {
    List<Problem> ranked = ranked("split", problems);
    Map<Problem, String> parts = new HashMap<>();
    int from = 0;
    double upTo = 0;
    for (Map.Entry<String, Double> part : fractions.entrySet()) {
      upTo += part.getValue();
      int to = (int) Math.min(problems.size(), Math.round(upTo * problems.size()));
      ranked.subList(from, to).forEach(problem -> parts.put(problem, part.getKey()));
      from = to;
    }
    Map<String, List<Problem>> split = new LinkedHashMap<>();
    fractions.keySet().forEach(name -> split.put(name, new ArrayList<>()));
    split.put("", new ArrayList<>());
    problems.forEach(problem -> split.get(parts.getOrDefault(problem, "")).add(problem));
    return split;
  }

  /** Ids decide between equal texts, so that the order is total. */
  private List<Problem> ranked(String purpose, List<Problem> problems) {
    Map<Problem, String> ranks = new HashMap<>();
    for (Problem problem : problems) {
      String drawn = purpose + ' ' + seed + ' ' + text.of(problem);
      ranks.put(problem, Sha256.of(drawn.getBytes(StandardCharsets.UTF_8)));
    }
    return problems.stream()
        .sorted(Comparator.<Problem, String>comparing(ranks::get).thenComparing(Problem::id))
        .toList();
  }
}

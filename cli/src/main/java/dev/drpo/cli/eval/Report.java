package dev.drpo.cli.eval;

import dev.drpo.evaluation.EfficiencyScore;
import dev.drpo.evaluation.JudgedProblem;
import dev.drpo.evaluation.SampleJudge;
import dev.drpo.evaluation.SetEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an evaluation found.
 *
 * @param sets in the order in which they were given
 * @param baseline what AES is measured against
 */
record Report(Manifest manifest, List<Entry> sets, Optional<Baseline> baseline) {
  Report {
    sets = List.copyOf(sets);
  }

  /**
   * One set.
   *
   * @param efficiency AES; NaN without a baseline
   */
  record Entry(String name, SetEvaluation found, double efficiency) {}

  /**
   * Summarises what was logged; every problem has to be there.
   *
   * @param ks for pass@k and maj@k
   */
  static Report of(
      Manifest manifest,
      List<EvalSet> sets,
      SampleLog log,
      List<Integer> ks,
      SampleJudge judge,
      Optional<Baseline> baseline) {
    List<Entry> entries = new ArrayList<>();
    for (EvalSet set : sets) {
      List<JudgedProblem> problems =
          set.problems().stream()
              .map(problem -> new SampleLog.Key(set.name(), problem.id()))
              .map(key -> log.judged(key).orElseThrow())
              .toList();
      SetEvaluation found = SetEvaluation.of(problems, ks, judge::same);
      entries.add(
          new Entry(
              set.name(),
              found,
              baseline
                  .map(
                      base ->
                          base.efficiency(
                              set.name(), found.accuracy().mean(), found.length().mean()))
                  .orElse(Double.NaN)));
    }
    return new Report(manifest, entries, baseline);
  }

  /** Mean of the sets' accuracies; each set counts once, as in the paper's averages. */
  double accuracy() {
    return sets.stream()
        .mapToDouble(entry -> entry.found().accuracy().mean())
        .average()
        .orElseThrow();
  }

  /** Mean of the sets' mean lengths, in tokens. */
  double length() {
    return sets.stream()
        .mapToDouble(entry -> entry.found().length().mean())
        .average()
        .orElseThrow();
  }

  /** AES of the averages over the same sets; NaN without a baseline. */
  double efficiency() {
    if (baseline.isEmpty()) {
      return Double.NaN;
    }
    List<String> names = sets.stream().map(Entry::name).toList();
    return EfficiencyScore.of(
        accuracy(), length(), baseline.get().accuracy(names), baseline.get().length(names));
  }
}

package dev.drpo.reports;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * All runs of one method at one strength: a point of the frontier. Values that do not exist are
 * NaN.
 *
 * @param accuracy of the trained policies, mean over seeds
 * @param accuracyInterval 95%, over seeds and problems
 * @param worstAccuracy of the seeds
 * @param length mean tokens of a response, mean over seeds
 * @param lengthInterval 95%, over seeds and problems
 * @param aes accuracy-efficiency score against the starting policy, mean over seeds
 * @param lengthRight mean over seeds of the mean length of right responses
 * @param lengthWrong the same of wrong ones
 * @param accuracyByLevel of all seeds' responses, by the difficulty of their problems
 * @param withoutSignal groups of a step without signal, mean over steps and seeds
 * @param pushedDown share of right responses that the objective pushes down, mean over steps and
 *     seeds
 */
public record ComparedMethod(
    String method,
    String strength,
    double learningRate,
    List<ComparedRun> runs,
    double accuracy,
    Interval accuracyInterval,
    double worstAccuracy,
    double length,
    Interval lengthInterval,
    double aes,
    double lengthRight,
    double lengthWrong,
    SortedMap<String, Double> accuracyByLevel,
    double withoutSignal,
    double pushedDown) {

  /** A point for each method and strength, in the order of the runs. */
  public static List<ComparedMethod> of(Collection<ComparedRun> runs) {
    Map<List<String>, List<ComparedRun>> byMethod = new LinkedHashMap<>();
    for (ComparedRun run : runs) {
      byMethod
          .computeIfAbsent(List.of(run.method(), run.strength()), _ -> new ArrayList<>())
          .add(run);
    }
    return byMethod.values().stream().map(ComparedMethod::ofOne).toList();
  }

  private static ComparedMethod ofOne(List<ComparedRun> runs) {
    ComparedRun first = runs.getFirst();
    return new ComparedMethod(
        first.method(),
        first.strength(),
        first.learningRate(),
        List.copyOf(runs),
        mean(runs, run -> run.report().after().accuracy()),
        interval(runs, response -> response.correct() ? 1 : 0),
        runs.stream().mapToDouble(run -> run.report().after().accuracy()).min().orElse(Double.NaN),
        mean(runs, run -> run.report().after().meanLength()),
        interval(runs, Evaluation.Response::length),
        mean(runs, run -> run.report().aes()),
        mean(runs, run -> run.report().after().meanLengthCorrect()),
        mean(runs, run -> run.report().after().meanLengthWrong()),
        byLevel(runs),
        mean(runs, run -> perStep(run, StepMetrics::groupsWithoutSignal)),
        mean(runs, run -> perStep(run, StepMetrics::rightPushedDown)));
  }

  private static double mean(List<ComparedRun> runs, ToDoubleFunction<ComparedRun> value) {
    return runs.stream().mapToDouble(value).filter(Double::isFinite).average().orElse(Double.NaN);
  }

  private static double perStep(ComparedRun run, ToDoubleFunction<StepMetrics> value) {
    return run.steps().stream()
        .mapToDouble(value)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  private static Interval interval(
      List<ComparedRun> runs, ToDoubleFunction<Evaluation.Response> value) {
    int problems = runs.getFirst().responses().size();
    if (runs.stream().anyMatch(run -> run.responses().size() != problems)) {
      // A problem that one run could not judge has no counterpart in the others.
      return Interval.UNKNOWN;
    }
    return SeedBootstrap.of(runs.stream().map(run -> run.byProblem(value)).toList());
  }

  private static SortedMap<String, Double> byLevel(List<ComparedRun> runs) {
    SortedMap<String, long[]> counts = new TreeMap<>();
    for (ComparedRun run : runs) {
      for (int i = 0; i < run.levels().size(); i++) {
        long[] count = counts.computeIfAbsent(run.levels().get(i), _ -> new long[2]);
        for (Evaluation.Response response : run.responses().get(i)) {
          count[0] += response.correct() ? 1 : 0;
          count[1]++;
        }
      }
    }
    SortedMap<String, Double> shares = new TreeMap<>();
    counts.forEach((level, count) -> shares.put(level, (double) count[0] / count[1]));
    return shares;
  }
}

package dev.drpo.evaluation;

import dev.drpo.judge.verdict.Outcome;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a policy does on a set of problems.
 *
 * @param problems how many
 * @param samples responses to all of them
 * @param accuracy mean pass@1
 * @param passAtK by k
 * @param majAtK by k
 * @param length mean over problems of the problem's mean length in tokens, with its standard error
 * @param all lengths of all responses
 * @param right of the right ones
 * @param wrong of the others
 * @param ended of those that the policy ended itself
 * @param truncated responses that their budget ended
 * @param formatFailures responses without an answer where one is looked for
 * @param endedWithoutAnswer those of them that were not truncated
 * @param outcomes how many responses came to which outcome
 * @param rules how many were decided by which rule, by its identifier
 */
public record SetEvaluation(
    int problems,
    int samples,
    Accuracy accuracy,
    SortedMap<Integer, Double> passAtK,
    SortedMap<Integer, Double> majAtK,
    ClusteredMean length,
    LengthSummary all,
    LengthSummary right,
    LengthSummary wrong,
    LengthSummary ended,
    int truncated,
    int formatFailures,
    int endedWithoutAnswer,
    SortedMap<Outcome, Integer> outcomes,
    SortedMap<String, Integer> rules) {

  /**
   * Summarises judged responses.
   *
   * @param problems at least one
   * @param ks for pass@k and maj@k
   * @param same whether two answers are the same, by the judge and not by their text
   * @throws IllegalArgumentException if there is no problem, or one has fewer samples than a k
   */
  public static SetEvaluation of(
      List<JudgedProblem> problems, List<Integer> ks, BiPredicate<String, String> same) {
    List<JudgedSample> samples =
        problems.stream().flatMap(problem -> problem.samples().stream()).toList();
    SortedMap<Integer, Double> passAtK = new TreeMap<>();
    SortedMap<Integer, Double> majAtK = new TreeMap<>();
    for (int k : ks) {
      passAtK.put(k, PassAtK.of(problems, k));
      majAtK.put(k, MajorityVote.of(problems, k, same));
    }
    Predicate<JudgedSample> noAnswer = sample -> sample.outcome() == Outcome.NO_ANSWER;
    return new SetEvaluation(
        problems.size(),
        samples.size(),
        Accuracy.of(problems),
        passAtK,
        majAtK,
        ClusteredMean.of(problems.stream().mapToDouble(SetEvaluation::meanLength).toArray()),
        lengths(samples, sample -> true),
        lengths(samples, JudgedSample::right),
        lengths(samples, sample -> !sample.right()),
        lengths(samples, sample -> !sample.truncated()),
        count(samples, JudgedSample::truncated),
        count(samples, noAnswer),
        count(samples, noAnswer.and(sample -> !sample.truncated())),
        tally(samples, JudgedSample::outcome),
        tally(samples, sample -> sample.rule().id()));
  }

  private static double meanLength(JudgedProblem problem) {
    return problem.samples().stream().mapToInt(JudgedSample::length).average().orElseThrow();
  }

  private static LengthSummary lengths(List<JudgedSample> samples, Predicate<JudgedSample> which) {
    return LengthSummary.of(samples.stream().filter(which).map(JudgedSample::length).toList());
  }

  private static int count(List<JudgedSample> samples, Predicate<JudgedSample> which) {
    return (int) samples.stream().filter(which).count();
  }

  private static <K extends Comparable<K>> SortedMap<K, Integer> tally(
      List<JudgedSample> samples, Function<JudgedSample, K> key) {
    SortedMap<K, Integer> counts = new TreeMap<>();
    samples.forEach(sample -> counts.merge(key.apply(sample), 1, Integer::sum));
    return counts;
  }
}

package dev.drpo.reports;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * What a policy does on the held-out problems. {@link Glossary.Section#EVALUATION} defines every
 * component. Values that do not exist, such as the mean length of wrong responses where all are
 * right, are NaN here and null in JSON.
 *
 * <p>The samples of one problem resemble each other, so that the standard error takes problems, not
 * samples, as independent: it is the standard deviation of the problems' accuracies over the root
 * of their number. The interval is Wilson's with as many samples as that error is worth.
 */
public record Evaluation(
    double accuracy,
    double meanLength,
    double meanLengthCorrect,
    double meanLengthWrong,
    int samples,
    int problems,
    double accuracyStandardError,
    Interval accuracyInterval,
    SortedMap<Integer, Double> passAtK,
    int truncated,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, Evaluation> sets) {

  public Evaluation {
    // What was written before there were any has none.
    sets = sets == null ? new TreeMap<>() : new TreeMap<>(sets);
  }

  /**
   * One judged response.
   *
   * @param length tokens, the end-of-sequence token included
   * @param truncated whether the response budget ended it
   */
  public record Response(boolean correct, int length, boolean truncated) {}

  /** The evaluation of a run that has evaluation switched off. */
  public static Evaluation none() {
    return new Evaluation(
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0,
        0,
        Double.NaN,
        Interval.UNKNOWN,
        new TreeMap<>(),
        0,
        new TreeMap<>());
  }

  /**
   * Summarises the responses to the held-out problems.
   *
   * @param problems one list of responses per problem; none may be empty
   */
  public static Evaluation of(Collection<List<Response>> problems) {
    if (problems.isEmpty()) {
      return none();
    }
    if (problems.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "an evaluated problem has no response; leave problems out that were not sampled");
    }
    List<Response> all = problems.stream().flatMap(List::stream).toList();
    double accuracy = share(all);
    double error = standardError(problems);
    return new Evaluation(
        accuracy,
        meanLength(all, response -> true),
        meanLength(all, Response::correct),
        meanLength(all, response -> !response.correct()),
        all.size(),
        problems.size(),
        error,
        Interval.wilson(accuracy, effectiveSamples(accuracy, error, problems.size(), all.size())),
        passAtK(problems),
        (int) all.stream().filter(Response::truncated).count(),
        new TreeMap<>());
  }

  /**
   * Summarises the responses to the held-out problems, and to each of their sets.
   *
   * @param problems one list of responses per problem; none may be empty
   * @param sets the name of each problem's set, in the same order
   */
  public static Evaluation ofSets(List<List<Response>> problems, List<String> sets) {
    SortedMap<String, List<List<Response>>> bySet = new TreeMap<>();
    for (int i = 0; i < problems.size(); i++) {
      bySet.computeIfAbsent(sets.get(i), _ -> new ArrayList<>()).add(problems.get(i));
    }
    SortedMap<String, Evaluation> evaluations = new TreeMap<>();
    bySet.forEach((name, ofSet) -> evaluations.put(name, of(ofSet)));
    Evaluation all = of(problems);
    return new Evaluation(
        all.accuracy,
        all.meanLength,
        all.meanLengthCorrect,
        all.meanLengthWrong,
        all.samples,
        all.problems,
        all.accuracyStandardError,
        all.accuracyInterval,
        all.passAtK,
        all.truncated,
        evaluations);
  }

  /** The mean of the sets' accuracies, which small and large ones have an equal share in. */
  double accuracyOverSets() {
    return sets.values().stream().mapToDouble(Evaluation::accuracy).average().orElse(accuracy);
  }

  /** Whether anything was evaluated. */
  @JsonIgnore
  public boolean isPresent() {
    return samples > 0;
  }

  private static double share(List<Response> responses) {
    return (double) responses.stream().filter(Response::correct).count() / responses.size();
  }

  private static double meanLength(List<Response> responses, Predicate<Response> which) {
    return responses.stream().filter(which).mapToInt(Response::length).average().orElse(Double.NaN);
  }

  private static double standardError(Collection<List<Response>> problems) {
    int n = problems.size();
    if (n < 2) {
      return Double.NaN;
    }
    double[] shares = problems.stream().mapToDouble(Evaluation::share).toArray();
    double mean = DoubleStream.of(shares).sum() / n;
    double squares = 0;
    for (double share : shares) {
      squares += (share - mean) * (share - mean);
    }
    return Math.sqrt(squares / (n - 1) / n);
  }

  private static double effectiveSamples(double accuracy, double error, int problems, int samples) {
    // Where all problems agree, up to rounding, the error says nothing about how much the samples
    // of
    // a problem are worth: assume the worst, one problem is one sample.
    double worth = error > 1e-9 ? accuracy * (1 - accuracy) / (error * error) : problems;
    return Math.clamp(worth, 1, samples);
  }

  /** The unbiased estimator 1 - C(n-c, k) / C(n, k), averaged over problems, at powers of two. */
  private static SortedMap<Integer, Double> passAtK(Collection<List<Response>> problems) {
    int fewest = problems.stream().mapToInt(List::size).min().orElseThrow();
    SortedMap<Integer, Double> byK = new TreeMap<>();
    for (int k = 1; k <= fewest; k *= 2) {
      int draws = k;
      byK.put(
          k,
          problems.stream()
              .mapToDouble(responses -> passProbability(responses, draws))
              .average()
              .orElseThrow());
    }
    return byK;
  }

  private static double passProbability(List<Response> responses, int draws) {
    int wrong = (int) responses.stream().filter(response -> !response.correct()).count();
    double allWrong = 1;
    for (int i = 0; i < draws; i++) {
      allWrong *= Math.max(0.0, wrong - i) / (responses.size() - i);
    }
    return 1 - allWrong;
  }
}

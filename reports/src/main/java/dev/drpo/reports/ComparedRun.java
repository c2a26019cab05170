package dev.drpo.reports;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A finished run of a comparison.
 *
 * @param method what it learned by, as people call it
 * @param strength of the method's length signal, for example {@code lambda 0.1}; empty where it has
 *     none
 * @param learningRate that the method was given
 * @param seed of the run
 * @param report what it ended with
 * @param steps what its steps measured
 * @param responses of the trained policy, problem by problem
 * @param levels how difficult each of those problems is, by whatever scale; empty if unknown
 */
public record ComparedRun(
    String method,
    String strength,
    double learningRate,
    long seed,
    RunReport report,
    List<StepMetrics> steps,
    List<List<Evaluation.Response>> responses,
    List<String> levels) {

  public ComparedRun {
    steps = List.copyOf(steps);
    responses = List.copyOf(responses);
    levels = List.copyOf(levels);
    if (!levels.isEmpty() && levels.size() != responses.size()) {
      throw new IllegalArgumentException(
          "%d problems have %d levels".formatted(responses.size(), levels.size()));
    }
  }

  /**
   * Reads what a run has left.
   *
   * @param folder of the run, which is complete
   * @param levels of its evaluated problems, or of more than those if some were left out, and then
   *     not used
   */
  public static ComparedRun read(
      String method,
      String strength,
      double learningRate,
      long seed,
      Path folder,
      List<String> levels)
      throws IOException {
    RunReport report = ReportWriter.read(folder.resolve("report.json"));
    Path last = folder.resolve("evaluation-%08d.json".formatted(report.steps()));
    List<List<Evaluation.Response>> responses =
        Files.exists(last)
            ? ReportJson.MAPPER.readValue(last.toFile(), new TypeReference<>() {})
            : List.of();
    List<String> known = levels.size() == responses.size() ? levels : List.of();
    // A problem without responses became a dead letter.
    List<Integer> sampled =
        IntStream.range(0, responses.size())
            .filter(i -> !responses.get(i).isEmpty())
            .boxed()
            .toList();
    return new ComparedRun(
        method,
        strength,
        learningRate,
        seed,
        report,
        MetricsLog.read(folder.resolve("metrics.jsonl")),
        sampled.stream().map(responses::get).toList(),
        known.isEmpty() ? known : sampled.stream().map(known::get).toList());
  }

  /** A value's mean over the responses to each problem. */
  double[] byProblem(ToDoubleFunction<Evaluation.Response> value) {
    return responses.stream()
        .mapToDouble(one -> one.stream().mapToDouble(value).average().orElse(Double.NaN))
        .toArray();
  }
}

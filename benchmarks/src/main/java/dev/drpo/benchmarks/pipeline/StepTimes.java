package dev.drpo.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a step took, in seconds.
 *
 * @param step all of it
 * @param learn the optimizer steps of it, which are the model's
 */
public record StepTimes(double step, double learn) {
  /** What of it is not the learner's computing. */
  double rest() {
    return step - learn;
  }

  /**
   * The step of a run in the middle of those that {@link #rest} sorts; the first is left out, in
   * which code is compiled and clients find the broker.
   *
   * @param metrics the run's {@code metrics.jsonl}
   */
  public static StepTimes median(Path metrics) throws IOException {
    List<StepTimes> steps = new ArrayList<>();
    for (String line : Files.readAllLines(metrics)) {
      JsonNode step = new ObjectMapper().readTree(line);
      steps.add(
          new StepTimes(step.path("stepSeconds").asDouble(), step.path("learnSeconds").asDouble()));
    }
    List<StepTimes> sorted =
        steps.stream().skip(1).sorted(Comparator.comparingDouble(StepTimes::rest)).toList();
    return sorted.get(sorted.size() / 2);
  }
}

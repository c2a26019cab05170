package dev.drpo.cli.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.rehearse.RehearsalReport.Memory;
import dev.drpo.cli.rehearse.RehearsalReport.Step;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.train.LocalTraining;
import dev.drpo.cli.train.TrainOptions;
import dev.drpo.planning.Overhead;
import dev.drpo.policy.checkpoint.PolicyFolder;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A short run of a wide policy through the real services: training with evaluations, then a second
 * run that goes on from the last checkpoint, and the exported policy.
 */
final class Rehearsal {
  private final RehearsalShape shape;
  private final RehearsalFiles files;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  Rehearsal(RehearsalShape shape, RehearsalFiles files) {
    this.shape = shape;
    this.files = files;
  }

  /** What ended early, with the exit code of the run that did. */
  static final class Failure extends Exception {
    @Serial private static final long serialVersionUID = 1L;
    private final int exitCode;

    private Failure(String message, int exitCode) {
      super(message);
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  /**
   * Runs all of it.
   *
   * @throws Failure if a run fails, or leaves what a run should not
   */
  RehearsalReport run() throws Exception {
    timed("writing the policy and the data", () -> files.write(shape.policy()));
    Map<String, PeakWatch.Peak> peaks;
    try (PeakWatch watch = new PeakWatch()) {
      timed(
          "%d steps, evaluations before and after".formatted(RehearsalFiles.STEPS),
          () -> train(first()));
      timed("one step more, from the checkpoint", () -> train(more()));
      peaks = watch.peaks();
    }
    List<Step> steps = steps();
    require(
        steps.stream().map(Step::step).toList().equals(List.of(1L, 2L, 3L)),
        "metrics.jsonl has steps %s, not 1 to %d"
            .formatted(steps.stream().map(Step::step).toList(), RehearsalFiles.ALL_STEPS));
    requireExport();
    return new RehearsalReport(seconds, steps, memory(peaks));
  }

  private interface Work {
    void run() throws Exception;
  }

  private void timed(String part, Work work) throws Exception {
    long began = System.nanoTime();
    work.run();
    seconds.put(part, (System.nanoTime() - began) / 1e9);
  }

  private TrainOptions first() {
    return options(Optional.of(files.configuration()), Map.of());
  }

  private TrainOptions more() {
    return options(
        Optional.empty(), Map.of("training.steps", Integer.toString(RehearsalFiles.ALL_STEPS)));
  }

  private TrainOptions options(Optional<Path> configuration, Map<String, String> overrides) {
    return new TrainOptions(
        TrainOptions.Command.TRAIN,
        configuration,
        Optional.empty(),
        Optional.of(files.run()),
        Optional.empty(),
        overrides,
        OptionalInt.of(1));
  }

  private static void train(TrainOptions options) throws Exception {
    int code = LocalTraining.run(options);
    if (code != ExitCode.OK) {
      throw new Failure("the run ended with exit code " + code, code);
    }
  }

  private static void require(boolean condition, String otherwise) throws Failure {
    if (!condition) {
      throw new Failure(otherwise, ExitCode.FAILED);
    }
  }

  private List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    for (String line : Files.readAllLines(files.run().resolve("metrics.jsonl"))) {
      JsonNode step = new ObjectMapper().readTree(line);
      steps.add(
          new Step(
              step.path("step").asLong(),
              step.path("rolloutSeconds").asDouble(),
              step.path("learnSeconds").asDouble(),
              step.path("stepSeconds").asDouble(),
              step.path("accuracy").asDouble()));
    }
    return steps;
  }

  private void requireExport() throws IOException, Failure {
    PolicyFolder exported = new PolicyFolder(files.run().resolve("policy"));
    exported.requireLoadable();
    require(
        Files.mismatch(exported.weightsFile(), new PolicyFolder(files.policy()).weightsFile()) >= 0,
        "the exported policy is the one that the run began with; see the groups in its report");
  }

  private List<Memory> memory(Map<String, PeakWatch.Peak> peaks) throws IOException {
    RunFolder folder = new RunFolder(files.run());
    Map<String, String> logs = Map.of("learner-service", "learner", "rollout-service", "rollout-1");
    List<Memory> memory = new ArrayList<>();
    for (Map.Entry<String, PeakWatch.Peak> peak : peaks.entrySet()) {
      String log = logs.get(peak.getKey());
      memory.add(
          new Memory(
              peak.getKey(),
              peak.getValue(),
              log == null ? OptionalLong.empty() : planned(folder.log(log))));
    }
    return memory;
  }

  /** What a service planned for its tensors, with what every process has beside. */
  private static OptionalLong planned(Path log) throws IOException {
    OptionalLong tensors = PlannedMemory.in(log);
    return tensors.isPresent()
        ? OptionalLong.of(tensors.getAsLong() + Overhead.HOST_OF_CPU)
        : tensors;
  }
}

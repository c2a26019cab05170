package dev.drpo.cli.bench;

import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.benchmarks.pipeline.PipelineBench;
import dev.drpo.benchmarks.pipeline.PipelineFigures;
import dev.drpo.benchmarks.pipeline.StepTimes;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo bench pipeline}: what of a training step is not the model's. */
@Command(
    name = "pipeline",
    mixinStandardHelpOptions = true,
    description = {
      "Measure what of a training step is not the model's computing, and what more replicas gain.",
      "The real broker, reward service and learner train a very small policy in processes of their"
          + " own, from 128 groups of 8 responses of realistic size; rollout replicas are stubs,"
          + " which lease and publish as real ones do and wait where those sample. What a step at"
          + " lag 0 takes beside their waiting and its optimizer steps is the overhead: tasks,"
          + " leases, records, judging, the scored log, weights. About ten minutes.",
      "A missed target is shown, and is no failure of the command."
    })
final class BenchPipelineCommand implements Callable<Integer> {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final int SCALING_GROUPS = 320;

  @Spec private CommandSpec spec;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "1500",
      description =
          "Mean length of a response, whose longest are cut off at 8192 (default:"
              + " ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of what the stubs answer (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures to a file too, as JSON.")
  private Path json;

  @Override
  public Integer call() throws Exception {
    if (tokens < 1 || tokens > PipelineRun.MOST_TOKENS) {
      throw new UsageError(
          "--tokens is %d; it must be from 1 to %d".formatted(tokens, PipelineRun.MOST_TOKENS));
    }
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new UsageError(
          "--json is %s, but %s is no folder that can be written to".formatted(json, folder));
    }
    return Interruption.during(this::run);
  }

  private int run() throws Exception {
    Path folder = Files.createTempDirectory("drpo-bench-");
    try {
      PipelineFigures figures = measure(folder);
      PrintWriter out = spec.commandLine().getOut();
      out.println("machine: " + Machine.description());
      out.printf(
          "seed %d; %d groups of %d responses of %d tokens on average; medians over %d steps%n%n",
          seed, PipelineRun.PROMPTS, PipelineRun.GROUP_SIZE, tokens, PipelineRun.STEPS - 1);
      figures.table().forEach(out::println);
      out.flush();
      if (json != null) {
        figures.write(json);
      }
      return ExitCode.OK;
    } catch (ProcessFailure e) {
      tell("drpo: " + e.getMessage());
      return ExitCode.FAILED;
    } finally {
      delete(folder);
    }
  }

  private PipelineFigures measure(Path folder) throws Exception {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    try (Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, _ -> {})) {
      Supervisor.Service broker =
          supervisor.start(
              InstalledBroker.under(root)
                  .spec(folder.resolve("kafka"), folder.resolve("broker.log"), Map.of()));
      supervisor.awaitReady(START_PATIENCE, List.of(broker));
      String address = new ReadyLine().address(broker.process()).orElseThrow();
      PipelineBench bench = new PipelineBench(address, seed);
      tell("measuring steps whose responses take no time to sample");
      StepTimes burst = steps(folder, "bench-burst", 0, address, bench, Duration.ZERO);
      Map<String, Long> bytes = bench.bytes("bench-burst");
      Duration sampling = Duration.ofMillis((long) (1000 * burst.learn()));
      tell("measuring lag 0 with groups that take as long to sample as a step to learn");
      StepTimes lag0 = steps(folder, "bench-lag-0", 0, address, bench, sampling);
      tell("measuring lag 1 with the same");
      StepTimes lag1 = steps(folder, "bench-lag-1", 1, address, bench, sampling);
      tell("measuring one, two and four replicas");
      return PipelineFigures.of(
          burst,
          bytes,
          PipelineRun.STEPS,
          stubs("bench-lag-0", sampling).makespan().toMillis() / 1000.0,
          lag0,
          lag1,
          bench.scaling(SCALING_GROUPS));
    }
  }

  private StepTimes steps(
      Path folder, String id, int maxLag, String broker, PipelineBench bench, Duration sampling)
      throws Exception {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    return StepTimes.median(
        new PipelineRun(root, folder.resolve(id), id, maxLag)
            .complete(broker, () -> bench.start(stubs(id, sampling)), _ -> {}));
  }

  private PipelineBench.Stubs stubs(String id, Duration sampling) {
    return new PipelineBench.Stubs(
        id, PipelineRun.GROUP_SIZE, tokens, PipelineRun.MOST_TOKENS, sampling, PipelineRun.PROMPTS);
  }

  private void tell(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

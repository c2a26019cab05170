package dev.drpo.cli.bench;

import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.benchmarks.weights.WeightFigures;
import dev.drpo.benchmarks.weights.WeightsBench;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.policy.patch.PatchEncoder;
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

/** {@code drpo bench weights}: bytes and time of a weight update. */
@Command(
    name = "weights",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the way of a weight update from the learner to a replica.",
      "Updates of Adam's size at a learning rate of 2e-6 move fp32 masters; what changes in bf16"
          + " is encoded as a patch, sent through a broker in a process of its own, applied in"
          + " place and verified. A plain copy of the full weights is measured beside it. Figures"
          + " are medians over the updates.",
      "A missed target is shown, and is no failure of the command; an unequal digest is."
    })
final class BenchWeightsCommand implements Callable<Integer> {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  /** Masters, the base, the next policy, the replica's and a copy. */
  private static final int BYTES_PER_PARAMETER = 4 + 4 * 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--parameters",
      paramLabel = "N",
      defaultValue = "120000000",
      description = "Least size of the policy (default: ${DEFAULT-VALUE}).")
  private long parameters;

  @Option(
      names = "--updates",
      paramLabel = "N",
      defaultValue = "5",
      description = "Updates to measure, after two for warming up (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(
      names = "--spread",
      paramLabel = "X",
      defaultValue = "0.12",
      description =
          "Standard deviation of Adam's m/sqrt(v) (default: ${DEFAULT-VALUE}, at which about 1%% of"
              + " the bf16 values change, the share that arXiv 2602.03839 reports).")
  private double spread;

  @Option(
      names = "--chunk-bytes",
      paramLabel = "N",
      defaultValue = "900000",
      description = "Most bytes of a record (default: ${DEFAULT-VALUE}).")
  private int chunkBytes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of weights and updates (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where files lie meanwhile (default: the system's folder for such files).")
  private Path parent;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  private Path json;

  @Override
  public Integer call() throws Exception {
    require(parameters >= 1 && parameters <= 20_000_000_000L, "--parameters", parameters);
    require(updates >= 1 && updates <= 1000, "--updates", updates);
    require(spread > 0 && spread <= 1, "--spread", spread);
    require(
        chunkBytes >= PatchEncoder.MIN_CHUNK_BYTES && chunkBytes <= 8_000_000,
        "--chunk-bytes",
        chunkBytes);
    return Interruption.during(this::run);
  }

  private int run() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder =
        parent == null
            ? Files.createTempDirectory("drpo-bench-")
            : Files.createTempDirectory(parent, "drpo-bench-");
    try {
      WeightFigures figures = measure(folder);
      out.println("machine: " + Machine.description());
      out.printf(
          "seed %d; medians over %d updates; m/sqrt(v) of deviation %s; files in %s%n%n",
          seed, updates, spread, folder.getParent());
      figures.table().forEach(out::println);
      out.flush();
      if (json != null) {
        figures.write(json);
      }
      return figures.digestEqual() ? ExitCode.OK : ExitCode.FAILED;
    } catch (ProcessFailure e) {
      spec.commandLine().getErr().println("drpo: " + e.getMessage());
      return ExitCode.FAILED;
    } finally {
      delete(folder);
    }
  }

  private WeightFigures measure(Path folder)
      throws IOException, InterruptedException, ProcessFailure {
    requireSpace(folder);
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    try (Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, this::tell)) {
      Supervisor.Service broker =
          supervisor.start(
              InstalledBroker.under(root)
                  .spec(folder.resolve("kafka"), folder.resolve("broker.log"), Map.of()));
      supervisor.awaitReady(START_PATIENCE, List.of(broker));
      String address = new ReadyLine().address(broker.process()).orElseThrow();
      return new WeightsBench(parameters, updates, spread, seed, chunkBytes, folder)
          .run(address, this::tell);
    }
  }

  private void requireSpace(Path folder) throws IOException {
    long needed = Math.multiplyExact(parameters, BYTES_PER_PARAMETER);
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < needed) {
      throw new UsageError(
          "%d parameters need %,d bytes, but %s has %,d; lower --parameters or name another --folder"
              .formatted(parameters, needed, folder, free));
    }
  }

  private void tell(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  private static void require(boolean holds, String option, Object value) {
    if (!holds) {
      throw new UsageError(
          "%s is %s, which is out of its range; see ./drpo bench weights --help"
              .formatted(option, value));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

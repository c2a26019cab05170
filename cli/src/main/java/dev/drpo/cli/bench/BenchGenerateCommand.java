package dev.drpo.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.drpo.benchmarks.generate.GenerateBench;
import dev.drpo.benchmarks.generate.GenerateMeasuring;
import dev.drpo.benchmarks.generate.GenerateTable;
import dev.drpo.benchmarks.generate.Measurements;
import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo bench generate}: speed of the generation engine. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the generation engine on the CPU in fp32, over a policy of 3 million random"
          + " parameters (vocabulary 512, width 256, 4 layers, 8 query heads on 2 key/value heads,"
          + " inner width 704).",
      "Beside each figure stand the same decoder written operation by operation, and the share of"
          + " the machine's matrix multiplication rate that the work reaches; both measured in the"
          + " same run. A missed target is shown, and is no failure of the command."
    })
public final class BenchGenerateCommand implements Callable<Integer> {
  private static final int[][] BATCHES = {{1, 1}, {32, 1}, {32, 8}, {128, 1}, {128, 8}};

  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the figures to a file too, as JSON.")
  private Path json;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds of which the best counts (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Processors that may be used: 1, and 2 where there are as many (default).")
  private List<Integer> threads = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || rounds > 1000) {
      throw new UsageError("--rounds is %d; it must be from 1 to 1000".formatted(rounds));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    for (int count : threads) {
      if (count < 1 || count > processors) {
        throw new UsageError(
            "--threads is %d; this machine has 1 to %d".formatted(count, processors));
      }
    }
    requireWritable();
    Measurements measured = measure(processors);
    PrintWriter out = spec.commandLine().getOut();
    GenerateTable.lines(measured).forEach(out::println);
    out.flush();
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), measured);
    }
    return ExitCode.OK;
  }

  /** Minutes of measuring are not to be lost to a file that can't be written. */
  private void requireWritable() {
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new UsageError(
          "--json is %s, but %s is no folder that can be written to".formatted(json, folder));
    }
  }

  private Measurements measure(int processors) throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    List<Integer> counts =
        !threads.isEmpty() ? threads : processors > 1 ? List.of(1, 2) : List.of(1);
    try (GenerateBench bench = new GenerateBench(seed)) {
      GenerateMeasuring measuring =
          new GenerateMeasuring(
              bench,
              rounds,
              line -> {
                err.println("measuring " + line);
                err.flush();
              });
      List<Measurements.Row> rows = new ArrayList<>();
      double oneThread = measuring.limit(1);
      for (int count : counts) {
        double limit = count == 1 ? oneThread : measuring.limit(count);
        for (int[] batch : BATCHES) {
          rows.add(measuring.throughput(batch[0], batch[1], count, limit));
        }
      }
      return new Measurements(
          oneThread,
          rows,
          Stream.of(1, 32, 128).map(measuring::invariance).toList(),
          measuring.slotUse(),
          measuring.prefixSharing(),
          measuring.lengthCost(),
          Machine.description());
    }
  }
}

package dev.drpo.cli.bench;

import dev.drpo.benchmarks.learn.LearnBench;
import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo bench learn}: speed and memory of training steps. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    description = {
      "Measure training steps of a random policy: forward and backward passes, clipping, AdamW.",
      "Speed with 3 million parameters, memory with a vocabulary of 151,936, each beside the same"
          + " model written with the tensor library alone, and beside what plain matrix products"
          + " reach in the same minute. Tokens are counted as fed, shared prompts once a response;"
          + " operations, for the fraction of the limit, as computed. About 10 GiB of memory and"
          + " ten minutes.",
      "A missed target is shown, and is no failure of the command."
    })
final class BenchLearnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file.")
  private Path json;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Steps of each speed measurement, of which the fastest counts (default:"
              + " ${DEFAULT-VALUE}).")
  private int steps;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (steps < 1 || steps > 1000) {
      throw new UsageError("--steps is %d; it must be from 1 to 1000".formatted(steps));
    }
    PrintWriter err = spec.commandLine().getErr();
    List<LearnBench.Row> rows =
        new LearnBench(steps)
            .run(
                LearnBench.cases(),
                line -> {
                  err.println(line);
                  err.flush();
                });
    PrintWriter out = spec.commandLine().getOut();
    out.println("machine: " + Machine.description());
    out.println();
    LearnBench.table(rows).forEach(out::println);
    out.flush();
    if (json != null) {
      LearnBench.write(rows, json);
    }
    return ExitCode.OK;
  }
}

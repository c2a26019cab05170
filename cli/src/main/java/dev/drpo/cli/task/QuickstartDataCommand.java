package dev.drpo.cli.task;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo quickstart-data}: generates the quickstart's data files. */
@Command(
    name = "quickstart-data",
    mixinStandardHelpOptions = true,
    description =
        "Generate the quickstart's problems, left-to-right arithmetic modulo 20, as JSON lines.")
public final class QuickstartDataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for train.jsonl and heldout.jsonl, which are replaced.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The same seed gives the same files, byte for byte (default: ${DEFAULT-VALUE}, that of"
              + " datasets/quickstart).")
  private long seed;

  @Override
  public Integer call() throws IOException {
    OutputFolder.prepare(out);
    QuickstartData data = QuickstartData.generate(seed);
    data.write(out);
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "%s: %,d problems in train.jsonl, %,d in heldout.jsonl (seed %d)%n",
        out, data.train().size(), data.heldOut().size(), seed);
    console.flush();
    return ExitCode.OK;
  }
}

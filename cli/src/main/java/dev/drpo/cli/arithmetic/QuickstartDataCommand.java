package dev.drpo.cli.arithmetic;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo quickstart-data}: generates the quickstart's data files. */
@Command(
    name = "quickstart-data",
    description =
        "Generate the quickstart's problems: left-to-right arithmetic modulo 20, as JSON lines.",
    showDefaultValues = true)
public final class QuickstartDataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "datasets/quickstart",
      description = "Folder for train.jsonl and heldout.jsonl.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same files, byte for byte.")
  private long seed;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it before call()
  private boolean help;

  @Override
  public Integer call() throws IOException {
    QuickstartData data = QuickstartData.generate(seed);
    try {
      data.write(out);
    } catch (IOException e) {
      throw new IOException(
          "cannot write the quickstart data to %s (%s); choose a writable folder with --out, with 4 MB free"
              .formatted(out, e),
          e);
    }
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "%s: %,d problems in train.jsonl, %,d in heldout.jsonl (seed %d)%n",
        out, data.train().size(), data.heldOut().size(), seed);
    console.flush();
    return ExitCode.OK;
  }
}

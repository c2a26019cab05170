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
    description = {
      "Generate the quickstart's problems, left-to-right arithmetic modulo 20, as JSON lines.",
      "With --traces, also what its starting policy is made from: traces for drpo sft, and the files"
          + " of a policy beside its weights, in DIR/policy."
    })
public final class QuickstartDataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the files, which are replaced.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The same seed gives the same files, byte for byte (default: ${DEFAULT-VALUE}, that of"
              + " datasets/quickstart).")
  private long seed;

  @Option(names = "--traces", description = "Write traces and the policy's files too.")
  private boolean traces;

  @Override
  public Integer call() throws IOException {
    OutputFolder.prepare(out);
    QuickstartData data = QuickstartData.generate(seed);
    data.write(out);
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "%s: %,d problems in train.jsonl, %,d in heldout.jsonl (seed %d)%n",
        out, data.train().size(), data.heldOut().size(), seed);
    if (traces) {
      WarmStartTraces.write(out, seed);
      PolicyFiles.write(out.resolve("policy"));
      console.printf(
          "%s: %,d traces in foundation.jsonl, %,d in long-winded.jsonl, %,d in"
              + " heldout-traces.jsonl; a policy's files in policy%n",
          out, WarmStartTraces.FOUNDATION, WarmStartTraces.LONG_WINDED, WarmStartTraces.HELD_OUT);
    }
    console.flush();
    return ExitCode.OK;
  }
}

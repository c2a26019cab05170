package dev.drpo.cli.study;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.task.OutputFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo study-data}: generates the study's data files. */
@Command(
    name = "study-data",
    mixinStandardHelpOptions = true,
    description = {
      "Generate the study's problems, a search that can be cut short by a guess, as JSON lines.",
      "With --traces, also what its starting policy is made from: traces for drpo sft, and the files"
          + " of a policy beside its weights, in DIR/policy."
    })
public final class StudyDataCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the files, which are replaced.")
  private Path out;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      defaultValue = "search",
      description =
          "search: a wrong answer is a guess, which thought cures; facts: or a fact that the policy"
              + " half knows, which no thought cures (default: ${DEFAULT-VALUE}).")
  private Variant variant;

  @Option(
      names = "--first",
      paramLabel = "P",
      defaultValue = "0.85",
      description =
          "Probability that the first candidate of a problem is the right one, which is what a"
              + " guess is worth (default: ${DEFAULT-VALUE}).")
  private double first;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The same seed gives the same files, byte for byte (default: ${DEFAULT-VALUE}, that of"
              + " datasets/study).")
  private long seed;

  @Option(names = "--traces", description = "Write traces and the policy's files too.")
  private boolean traces;

  @Override
  public Integer call() throws IOException {
    if (!(first >= 0 && first <= 1)) {
      throw new UsageError("--first is %s; a probability is from 0 to 1".formatted(first));
    }
    OutputFolder.prepare(out);
    StudyFiles files = new StudyFiles(variant, first, seed);
    files.writeProblems(out);
    PrintWriter console = spec.commandLine().getOut();
    console.printf(
        "%s: %,d problems in train.jsonl, %,d in heldout.jsonl (seed %d)%n",
        out, StudyFiles.TRAIN, StudyFiles.HELD_OUT, seed);
    if (traces) {
      files.writeWarmStart(out);
      console.printf(
          "%s: %,d traces in tours.jsonl, %,d in traces.jsonl, %,d in heldout-traces.jsonl; a"
              + " policy's files in policy%n",
          out, StudyFiles.TOURS, StudyFiles.TRACES, StudyFiles.HELD_OUT_TRACES);
    }
    console.flush();
    return ExitCode.OK;
  }
}

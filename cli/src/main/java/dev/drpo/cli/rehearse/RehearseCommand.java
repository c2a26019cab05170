package dev.drpo.cli.rehearse;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo rehearse}: nothing in the loop may depend on smallness. */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    description = {
      "Run the whole loop a few steps at a real policy's width, on the CPU, and tell time and memory.",
      "Make a policy of random weights with Qwen2.5-0.5B's shape that answers by chance, train it"
          + " for two steps with an evaluation before and after, go on from the checkpoint for a"
          + " third, and check the exported policy. About 15 GB of memory, 30 GB of disk and, on two"
          + " quiet cores, four minutes."
    },
    footer = {"", "Exit codes: 0 completed, 1 a run failed, 2 wrong options, 130 interrupted."})
public final class RehearseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "NAME",
      defaultValue = "0.5b",
      description = "Width of the policy: 0.5b (default) or tiny.")
  private String shape;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for policy, data and run; it must be empty or not there yet.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    RehearsalShape named = RehearsalShape.named(shape);
    Path folder = out.toAbsolutePath().normalize();
    if (!RunFolder.named(folder).isEmpty()) {
      throw new UsageError("the folder " + folder + " is not empty; name another with --out");
    }
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    RehearsalFiles files = new RehearsalFiles(root.resolve("datasets/quickstart"), folder);
    PrintWriter console = spec.commandLine().getOut();
    try {
      RehearsalReport report = new Rehearsal(named, files).run();
      console.println();
      report.lines().forEach(console::println);
      console.flush();
      return ExitCode.OK;
    } catch (Rehearsal.Failure e) {
      spec.commandLine().getErr().println("drpo: the rehearsal failed: " + e.getMessage());
      return e.exitCode();
    }
  }
}

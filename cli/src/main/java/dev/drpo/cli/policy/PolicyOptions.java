package dev.drpo.cli.policy;

import dev.drpo.cli.UsageError;
import dev.drpo.policy.PolicyFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which policy a command runs, and on how many threads. */
public final class PolicyOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face folder of the policy.")
  private Path model;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Threads of one tensor operation (default: ${DEFAULT-VALUE}).",
        "More than the machine has idle cores is much slower than one."
      })
  private int threads;

  /**
   * The policy's folder.
   *
   * @throws UsageError if it is none
   */
  public PolicyFolder folder() {
    if (!Files.isDirectory(model)) {
      throw new UsageError(
          "--model is "
              + model
              + (Files.exists(model) ? ", which is no folder" : ", which does not exist")
              + "; give a Hugging Face folder, such as datasets/quickstart/policy");
    }
    return new PolicyFolder(model);
  }

  /**
   * Threads of one tensor operation.
   *
   * @throws UsageError if there are fewer than one
   */
  public int threads() {
    if (threads < 1) {
      throw new UsageError("--threads is " + threads + "; it must be 1 or more");
    }
    return threads;
  }
}

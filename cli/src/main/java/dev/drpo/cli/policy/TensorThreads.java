package dev.drpo.cli.policy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.engine.TensorEngine;
import picocli.CommandLine.Option;

/** How many threads a tensor operation of a command takes. */
public final class TensorThreads {
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
   * Refuses a number that can't be.
   *
   * @throws UsageError if it is below 1
   */
  public void refuseImpossible() {
    if (threads < 1) {
      throw new UsageError("--threads is " + threads + "; it must be 1 or more");
    }
  }

  /** How many. */
  public int count() {
    return threads;
  }

  /** Gives the tensor engine that many, and makes the calling thread one that may use it. */
  public void prepare() {
    TensorEngine.setThreads(threads);
    TensorEngine.prepareThread();
  }
}

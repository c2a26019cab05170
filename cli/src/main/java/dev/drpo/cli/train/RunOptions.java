package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that every command has which trains. */
public final class RunOptions {
  @Option(
      names = "--config",
      paramLabel = "YAML",
      description = {
        "File with the keys that differ from the preset and the defaults (docs/configuration.md).",
        "A path in it is relative to the current directory."
      })
  private Path config;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Run folder (default: run.directory if it is set, else a new one, runs/<run.id>-<time>).")
  private Path out;

  @Option(
      names = {"--rollouts", "--replicas"},
      paramLabel = "N",
      description = {
        "Rollout replicas on this machine (default: one for each of rollout.devices).",
        "Each has a device of its own; with rollout.devices=cuda a GPU that the learner leaves"
            + " free."
      })
  private Integer rollouts;

  @Option(
      names = "--open",
      description = "Open the run's page in the browser, whose address is printed in any case.")
  private boolean open;

  /** Whether the run's page is to be opened. */
  public boolean open() {
    return open;
  }

  /** The user's YAML, if one is named. */
  public Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  /** The run folder, if it is named. */
  public Optional<Path> out() {
    return Optional.ofNullable(out);
  }

  /**
   * Number of rollout replicas, if it is named.
   *
   * @throws UsageError if it is none
   */
  public OptionalInt rollouts() {
    if (rollouts == null) {
      return OptionalInt.empty();
    }
    if (rollouts < 1) {
      throw new UsageError("--rollouts is " + rollouts + "; it must be 1 or more");
    }
    return OptionalInt.of(rollouts);
  }
}

package dev.drpo.cli.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked for.
 *
 * @param command with which it was asked for
 * @param config the user's YAML, if any
 * @param preset that the run starts from, if named here
 * @param out the run folder, if named
 * @param broker host:port of the broker to use, if named
 * @param overrides dotted keys, which win over everything
 * @param rollouts number of rollout replicas on this machine, if named
 */
public record TrainOptions(
    Command command,
    Optional<Path> config,
    Optional<String> preset,
    Optional<Path> out,
    Optional<String> broker,
    Map<String, String> overrides,
    OptionalInt rollouts) {

  /** The commands that train. They differ in how a run is gone on with, and in the broker. */
  public enum Command {
    /** Goes on with the run that the folder holds; uses any broker. */
    TRAIN,
    /** Begins a run on the quickstart's preset, in a folder of its own, on a broker of its own. */
    QUICKSTART,
    /** Goes on with such a run. */
    QUICKSTART_RESUME;

    /** The first word of the command line. */
    String word() {
      return isQuickstart() ? "quickstart" : "train";
    }

    boolean isQuickstart() {
      return this != TRAIN;
    }

    /** The command line that goes on with a run. */
    String resuming(String folder) {
      return "./drpo %s --out %s"
          .formatted(isQuickstart() ? "quickstart --resume" : "train", folder);
    }
  }

  public TrainOptions {
    overrides = Map.copyOf(overrides);
  }

  /** {@code drpo quickstart}, which takes its preset and its task from the repository. */
  public static TrainOptions quickstart(
      Optional<Path> config,
      Optional<Path> out,
      Map<String, String> overrides,
      OptionalInt rollouts,
      boolean resume) {
    return new TrainOptions(
        resume ? Command.QUICKSTART_RESUME : Command.QUICKSTART,
        config,
        Optional.empty(),
        out,
        Optional.empty(),
        overrides,
        rollouts);
  }
}

package dev.drpo.cli.rollouts;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drpo rollouts}: looks at responses and their verdicts. */
@Command(
    name = "rollouts",
    mixinStandardHelpOptions = true,
    description = {
      "Read what a run's policy has answered, and what the judge made of it: from the topics of a"
          + " run on this machine, running or ended, or of any broker.",
      "Nothing is changed. What retention has removed from the topics is counted and said."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ShowCommand.class, TailCommand.class, StatsCommand.class})
public final class RolloutsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name one of tail, show and stats");
  }
}

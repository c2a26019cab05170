package dev.drpo.cli.dataset;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drpo dataset}: makes problem files of public data, and looks into them. */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    description = {
      "Make problem files of public data, and look into them.",
      "datasets/public/ says where each public set comes from; see docs/data.md."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ImportCommand.class,
      ShowCommand.class,
      StatsCommand.class,
      ValidateCommand.class
    })
public final class DatasetCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name one of import, show, stats and validate");
  }
}

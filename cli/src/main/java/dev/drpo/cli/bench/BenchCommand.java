package dev.drpo.cli.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drpo bench}: each thing that can be measured is a subcommand. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "PART",
    description = "Measure a part on this machine and set the figures beside their targets.",
    subcommands = {
      BenchJudgeCommand.class,
      BenchGenerateCommand.class,
      BenchLearnCommand.class,
      BenchWeightsCommand.class,
      BenchPipelineCommand.class,
      BenchAdapterCommand.class
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    throw new ParameterException(command, "name a part, such as judge");
  }
}

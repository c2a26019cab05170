package dev.drpo.cli;

import dev.drpo.cli.bench.BenchCommand;
import dev.drpo.cli.broker.BrokerCommand;
import dev.drpo.cli.chaos.ChaosCommand;
import dev.drpo.cli.compare.CompareCommand;
import dev.drpo.cli.dashboard.DashboardCommand;
import dev.drpo.cli.dataset.DatasetCommand;
import dev.drpo.cli.doctor.DoctorCommand;
import dev.drpo.cli.eval.EvalCommand;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.explain.ExplainCommand;
import dev.drpo.cli.generate.GenerateCommand;
import dev.drpo.cli.images.ImagesCommand;
import dev.drpo.cli.judge.JudgeCommand;
import dev.drpo.cli.logprobs.LogprobsCommand;
import dev.drpo.cli.plan.PlanCommand;
import dev.drpo.cli.quickstart.QuickstartCommand;
import dev.drpo.cli.rehearse.RehearseCommand;
import dev.drpo.cli.rollouts.RolloutsCommand;
import dev.drpo.cli.sft.SftCommand;
import dev.drpo.cli.status.StatusCommand;
import dev.drpo.cli.study.StudyDataCommand;
import dev.drpo.cli.task.QuickstartDataCommand;
import dev.drpo.cli.train.TrainCommand;
import dev.drpo.planning.UnplannableException;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.engine.TensorLibraryException;
import dev.drpo.problems.DataException;
import dev.drpo.runtime.config.ConfigException;
import java.io.PrintWriter;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code drpo} command. Each thing that it can do is a subcommand. */
@Command(
    name = "drpo",
    description =
        "Train language models to reason concisely, with DRPO, run them and judge their answers.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartCommand.class,
      PlanCommand.class,
      TrainCommand.class,
      CompareCommand.class,
      DashboardCommand.class,
      StatusCommand.class,
      RolloutsCommand.class,
      DatasetCommand.class,
      SftCommand.class,
      GenerateCommand.class,
      EvalCommand.class,
      LogprobsCommand.class,
      JudgeCommand.class,
      ExplainCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      RehearseCommand.class,
      BrokerCommand.class,
      ImagesCommand.class,
      ChaosCommand.class,
      QuickstartDataCommand.class,
      StudyDataCommand.class
    },
    footer = {
      "",
      "The launcher ./drpo builds what is missing first, and has two commands of its own:",
      "  test       runs the whole test suite (mvn verify; options are passed on)",
      "  toolchain  prints the JDK and the Maven that it found"
    })
public final class Drpo implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  /** The whole command line, ready to execute. */
  public static CommandLine commandLine() {
    return new CommandLine(new Drpo())
        .setCaseInsensitiveEnumValuesAllowed(true)
        // An answer may begin with an @, which names no file of arguments.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((problem, _) -> refuse(problem))
        .setExecutionExceptionHandler((problem, command, _) -> report(problem, command));
  }

  public static void main(String[] arguments) {
    // The JVM logs its exit. If that is what loads the log manager while a command's first message
    // does so too, the two wait for each other, and Ctrl-C ends nothing.
    var _ = LogManager.getLogManager();
    System.exit(commandLine().execute(arguments));
  }

  private static int refuse(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("drpo: " + problem.getMessage());
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      err.println("Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?");
    }
    err.println("See ./" + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int report(Exception problem, CommandLine command) {
    if (problem instanceof UsageError
        || problem instanceof ConfigException
        || problem instanceof DataException
        || problem instanceof PolicyFormatException
        || problem instanceof UnplannableException) {
      command.getErr().println("drpo: " + problem.getMessage());
      return ExitCode.USAGE;
    }
    if (problem instanceof TensorLibraryException) {
      command.getErr().println("drpo: " + problem.getMessage());
      return ExitCode.FAILED;
    }
    command.getErr().println("drpo: unexpected failure, which is a defect of this program:");
    problem.printStackTrace(command.getErr());
    return ExitCode.FAILED;
  }
}

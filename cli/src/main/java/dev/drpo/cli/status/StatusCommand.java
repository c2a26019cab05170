package dev.drpo.cli.status;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.runtime.messaging.MessagingException;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo status}: where a run stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show where a run stands: its step, how much waits in each topic and who works it off, the"
          + " replicas with their policy versions and speed, and the last errors.",
      "Name the folder of a run on this machine, or a broker and the run's id. Nothing is changed."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown",
      "2:wrong options, no such run, or no broker answers",
      "130:interrupted"
    })
public final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunSource source;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    source.check();
    return Interruption.exitCode(this::show);
  }

  private int show() throws InterruptedException, IOException {
    try {
      Standing state = StatusLook.at(source);
      LineOutput.standard()
          .write(
              json
                  ? StatusJson.of(state) + "\n"
                  : String.join("\n", StatusText.lines(state, Instant.now())) + "\n");
      return ExitCode.OK;
    } catch (OutputFailure e) {
      return e.exitCode("the state", spec.commandLine().getErr()::println);
    } catch (MessagingException e) {
      throw new UsageError(e.getMessage());
    }
  }
}

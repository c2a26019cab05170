package dev.drpo.cli.dashboard;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.Interruption;
import dev.drpo.dashboard.Dashboard;
import dev.drpo.dashboard.DashboardServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drpo dashboard}: the page of runs, until Ctrl-C. */
@Command(
    name = "dashboard",
    mixinStandardHelpOptions = true,
    description = {
      "Show runs in the browser, until Ctrl-C: what a learner's own page shows, from the files of"
          + " runs on this machine, ended or still going on.",
      "Several runs are laid over each other; the folder of a comparison stands for all its runs.",
      "See docs/watching.md for what is shown."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"2:wrong options, or no run", "130:ended by Ctrl-C"})
public final class DashboardCommand implements Callable<Integer> {
  private static final int MOST_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Folder of a run, or one that holds several.")
  private List<Path> folders;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port of 127.0.0.1 to serve the page on (default: one that is free).")
  private int port;

  @Option(names = "--open", description = "Open the page in the browser.")
  private boolean open;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > MOST_PORT) {
      throw new UsageError(
          "--port is %d; it must be between 0 (any) and %d".formatted(port, MOST_PORT));
    }
    return Interruption.exitCode(this::serve);
  }

  private int serve() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (DashboardServer server =
        DashboardServer.start(new Dashboard(RunFolders.runs(folders)), port)) {
      out.println("dashboard: " + server.address());
      out.flush();
      if (open) {
        Browser.open(server.address(), spec.commandLine().getErr()::println);
      }
      new CountDownLatch(1).await();
      throw new IllegalStateException("nobody ends the wait but an interrupt");
    } catch (BindException e) {
      throw new UsageError(
          "--port %d is taken (%s); give another, or none".formatted(port, e.getMessage()));
    }
  }
}

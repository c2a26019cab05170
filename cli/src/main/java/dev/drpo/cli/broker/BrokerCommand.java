package dev.drpo.cli.broker;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo broker}: runs until it is interrupted, or until the broker's process ends. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = {
      "Run the Kafka broker alone, on the loopback interface, until Ctrl-C.",
      "For services that are started one by one, as in development, and for Kafka's own tools."
          + " Print one line with its address once it accepts connections."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:the broker did not start, or ended by itself",
      "2:the port is taken, or an option can't be honoured",
      "130:interrupted, the usual end"
    })
public final class BrokerCommand implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
  private static final Duration WATCH_INTERVAL = Duration.ofHours(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "TCP port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Keep topics and records in this folder, so that a later start goes on with them",
        "(default: a temporary folder, deleted at the end)."
      })
  private Path data;

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > MAX_PORT) {
      throw new UsageError(
          "--port is %d, which is not a port; give one from 0 to %d".formatted(port, MAX_PORT));
    }
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    InstalledBroker broker = InstalledBroker.under(root);
    requireFreePort();
    return Interruption.exitCode(() -> run(broker));
  }

  private int run(InstalledBroker broker) throws IOException, InterruptedException {
    try (DataFolder folder = DataFolder.open(data);
        // The ready line below says all that there is to say.
        Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, _ -> {})) {
      Supervisor.Service service =
          supervisor.start(broker.spec(folder.records(), folder.log(), port, System.getenv()));
      supervisor.awaitReady(START_PATIENCE, List.of(service));
      announce(new ReadyLine().address(service.process()).orElseThrow(), folder);
      while (true) {
        supervisor.watch(WATCH_INTERVAL);
      }
    } catch (ProcessFailure e) {
      spec.commandLine().getErr().println("drpo: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private void announce(String address, DataFolder folder) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "broker ready at %s, data in %s%s; Ctrl-C ends it%n",
        address, folder.path(), folder.temporary() ? " until then" : "");
    out.flush();
  }

  /** Tells a taken port at once, which the broker's own log would tell among much else. */
  private void requireFreePort() {
    try (ServerSocket socket = new ServerSocket()) {
      // Connections of a broker that has just stopped linger; they don't make its port taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UsageError(
          "port %d is taken (%s); stop the process that listens there, or choose another with --port"
              .formatted(port, e.getMessage()));
    }
  }
}

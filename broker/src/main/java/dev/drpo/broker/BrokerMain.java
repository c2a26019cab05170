package dev.drpo.broker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * The broker as a process: {@code --log-dir DIR [--port N]}. Prints {@code READY host:port} to
 * stdout once it accepts connections, and nothing else there; logs go to stderr. Ends on SIGTERM.
 * Exit codes: 1 when it can't start, 2 for wrong arguments.
 */
public final class BrokerMain {
  private static final String USAGE =
      "usage: --log-dir DIR [--port N]  (N from 0 to 65535; 0, the default, takes a free port)";

  private BrokerMain() {}

  public static void main(String[] args) throws InterruptedException {
    Arguments arguments;
    try {
      arguments = Arguments.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println(USAGE);
      System.exit(2);
      return;
    }
    Path directory = arguments.logDirectory();
    Exit.setHaltProcedure((status, message) -> halt(status, message, directory));
    EmbeddedBroker broker;
    try {
      broker = EmbeddedBroker.start(arguments.logDirectory(), arguments.port());
    } catch (BrokerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
    System.out.println("READY " + broker.bootstrapServers());
    System.out.flush();
    // Only the shutdown hook ends this process.
    new CountDownLatch(1).await();
  }

  /** Kafka halts the process when a directory of its logs fails. */
  private static void halt(int status, String message, Path directory) {
    System.err.printf(
        "the broker stops at once%s; it does so if it can't write to %s: make room there or mend the disk, and start it again; nothing that it has confirmed is lost%n",
        message == null ? "" : " (" + message + ")", directory);
    System.err.flush();
    Runtime.getRuntime().halt(status);
  }

  /** What the command line says. */
  record Arguments(Path logDirectory, int port) {
    static Arguments parse(String... args) {
      Path logDirectory = null;
      int port = 0;
      for (int i = 0; i < args.length; i += 2) {
        if (i + 1 == args.length) {
          throw new IllegalArgumentException(args[i] + " needs a value");
        }
        String value = args[i + 1];
        switch (args[i]) {
          case "--log-dir" -> logDirectory = path(value);
          case "--port" -> port = port(value);
          default -> throw new IllegalArgumentException("unknown option " + args[i]);
        }
      }
      if (logDirectory == null) {
        throw new IllegalArgumentException("--log-dir is missing");
      }
      return new Arguments(logDirectory, port);
    }

    private static Path path(String value) {
      try {
        return Path.of(value);
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException("--log-dir " + value + " is not a path", e);
      }
    }

    private static int port(String value) {
      try {
        int port = Integer.parseInt(value);
        if (port >= 0 && port <= 65535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // Falls through to the same refusal as a number out of range.
      }
      throw new IllegalArgumentException("--port " + value + " is not a port number");
    }
  }
}

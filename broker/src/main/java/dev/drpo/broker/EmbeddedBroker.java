package dev.drpo.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A single-node KRaft broker and controller in this JVM, on the loopback interface. A restart on
 * the same directory keeps topics, records, share-group progress and leases' delivery counts.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 5;

  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns once it accepts connections.
   *
   * @param logDirectory where records and metadata lie; created and formatted where it is new
   * @param port port of the clients' listener; 0 takes a free one
   * @throws BrokerException if the port is taken, or the directory can't be written or belongs to a
   *     running broker
   */
  public static EmbeddedBroker start(Path logDirectory, int port) {
    return start(logDirectory, port, Map.of());
  }

  /**
   * Starts a broker with other settings than those for one machine.
   *
   * @param settings Kafka's own, by name
   */
  public static EmbeddedBroker start(Path logDirectory, int port, Map<String, String> settings) {
    Path directory = prepare(logDirectory.toAbsolutePath());
    for (int attempt = 1; ; attempt++) {
      int clientPort = port == 0 ? freePort() : requireFree(port);
      try {
        return start(directory, clientPort, freePort(), settings);
      } catch (BrokerException e) {
        // Another process may take a free port between its choice and its use.
        if (port != 0 || attempt == PORT_ATTEMPTS || !isBindFailure(e)) {
          throw e;
        }
      }
    }
  }

  /** The address for clients, as host:port. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker; its data stays. Closing twice is harmless. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  @SuppressWarnings("CatchingUnchecked") // Scala code throws checked exceptions undeclared.
  private static EmbeddedBroker start(
      Path directory, int port, int controllerPort, Map<String, String> changed) {
    Properties settings = BrokerSettings.of(directory, port, controllerPort);
    settings.putAll(changed);
    KafkaRaftServer server = null;
    try {
      server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(server, BrokerSettings.HOST + ":" + port);
    } catch (Exception e) {
      if (server != null) {
        server.shutdown();
      }
      throw new BrokerException(
          "the broker on port %d with directory %s did not start: %s; stop whatever else uses them"
                  .formatted(port, directory, e.getMessage())
              + " or choose others",
          e);
    }
  }

  private static Path prepare(Path directory) {
    try {
      Files.createDirectories(directory);
      if (!Files.isWritable(directory)) {
        throw new BrokerException(notWritable(directory));
      }
      if (!Files.exists(directory.resolve("meta.properties"))) {
        format(directory);
      }
      return directory;
    } catch (BrokerException e) {
      throw e;
    } catch (Exception e) {
      throw new BrokerException(notWritable(directory) + " (" + e + ")", e);
    }
  }

  private static String notWritable(Path directory) {
    return "the broker's directory "
        + directory
        + " can't be written; choose one that this user may create and write";
  }

  private static void format(Path directory) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(BrokerSettings.NODE_ID)
        .addDirectory(directory.toString())
        .setMetadataLogDirectory(directory.toString())
        .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
        .setIgnoreFormatted(true)
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .run();
  }

  private static int freePort() {
    try (ServerSocket socket = bind(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BrokerException("no free port on " + BrokerSettings.HOST, e);
    }
  }

  private static int requireFree(int port) {
    try (ServerSocket socket = bind(port)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BrokerException(
          "port %d on %s is taken (%s); stop the process that listens there or choose another port"
              .formatted(port, BrokerSettings.HOST, e.getMessage()),
          e);
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    // Connections of a broker that has just stopped linger; they don't make its port taken.
    socket.setReuseAddress(true);
    try {
      socket.bind(new InetSocketAddress(InetAddress.getByName(BrokerSettings.HOST), port), 1);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static boolean isBindFailure(Throwable failure) {
    return Stream.iterate(failure, t -> t != null, Throwable::getCause)
        .anyMatch(BindException.class::isInstance);
  }
}

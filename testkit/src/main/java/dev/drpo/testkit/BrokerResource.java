package dev.drpo.testkit;

import dev.drpo.broker.EmbeddedBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A real broker for the tests of one class. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {
  /** Property that holds the broker's address. */
  public static final String BOOTSTRAP_SERVERS = "test.bootstrap-servers";

  private Path directory;
  private EmbeddedBroker broker;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory("drpo-broker");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broker = EmbeddedBroker.start(directory, 0);
    return Map.of(BOOTSTRAP_SERVERS, broker.bootstrapServers());
  }

  @Override
  public void stop() {
    if (broker != null) {
      broker.close();
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

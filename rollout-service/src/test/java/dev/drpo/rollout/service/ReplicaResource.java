package dev.drpo.rollout.service;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.testkit.TinyPolicy;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A broker and a policy folder for the service under test. */
public final class ReplicaResource implements QuarkusTestResourceLifecycleManager {
  static final String BOOTSTRAP_SERVERS = "test.bootstrap-servers";
  static final String POLICY = "test.policy";

  private Path directory;
  private EmbeddedBroker broker;

  @Override
  public Map<String, String> start() {
    try {
      directory = Files.createTempDirectory("drpo-rollout-test");
      TinyPolicy.write(directory.resolve("policy"), 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
    return Map.of(
        BOOTSTRAP_SERVERS, broker.bootstrapServers(),
        POLICY, directory.resolve("policy").toString());
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

package dev.drpo.testkit;

import dev.drpo.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real broker in this process, and a folder for it and for what goes with it. Both are gone once
 * it is closed.
 */
final class TestBroker implements AutoCloseable {
  private final Path folder;
  private final EmbeddedBroker broker;

  private TestBroker(Path folder, EmbeddedBroker broker) {
    this.folder = folder;
    this.broker = broker;
  }

  /** Starts one on a free port. */
  static TestBroker start() {
    try {
      Path folder = Files.createTempDirectory("drpo-broker");
      return new TestBroker(folder, EmbeddedBroker.start(folder.resolve("broker"), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    broker.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

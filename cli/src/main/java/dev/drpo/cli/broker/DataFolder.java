package dev.drpo.cli.broker;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where a broker keeps its records and its log.
 *
 * @param temporary whether it is deleted when it is closed
 */
record DataFolder(Path path, boolean temporary) implements AutoCloseable {

  /**
   * The folder that the user names, created where it is missing; a temporary one if they name none.
   *
   * @param named may be null
   * @throws UsageError if it can't be created
   */
  static DataFolder open(Path named) throws IOException {
    if (named == null) {
      return new DataFolder(Files.createTempDirectory("drpo-broker-"), true);
    }
    try {
      return new DataFolder(Files.createDirectories(named.toAbsolutePath()), false);
    } catch (IOException e) {
      throw new UsageError(
          "the folder %s can't be created (%s); name one with --data that this user may write"
              .formatted(named, e));
    }
  }

  /** The folder of topics and records. */
  Path records() {
    return path.resolve("kafka");
  }

  /** The file of the broker's output. */
  Path log() {
    return path.resolve("broker.log");
  }

  @Override
  public void close() throws IOException {
    if (!temporary) {
      return;
    }
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}

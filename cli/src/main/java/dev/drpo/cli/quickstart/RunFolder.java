package dev.drpo.cli.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The folder of one run, and where things lie in it.
 *
 * @param path absolute
 */
public record RunFolder(Path path) {
  /** The run's whole configuration. */
  public Path configuration() {
    return path.resolve("run.yaml");
  }

  /** The broker's data. */
  public Path kafka() {
    return path.resolve("kafka");
  }

  /** One log per process. */
  public Path logs() {
    return path.resolve("logs");
  }

  Path log(String process) {
    return logs().resolve(process + ".log");
  }

  /** Held by the command that works in the folder. */
  Path lock() {
    return path.resolve(".lock");
  }

  /** Whether nothing lies in it, or it does not exist. */
  boolean isEmpty() {
    if (!Files.exists(path)) {
      return true;
    }
    try (Stream<Path> content = Files.list(path)) {
      return content.allMatch(lock()::equals);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}

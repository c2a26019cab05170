package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;

/**
 * The folder of one run, and where things lie in it.
 *
 * @param path absolute
 */
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

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

  /** The log of one process. */
  public Path log(String process) {
    return logs().resolve(process + ".log");
  }

  /** Held by the command that works in the folder. */
  Path lock() {
    return path.resolve(".lock");
  }

  /**
   * A folder whose name nothing has yet: the run's id and the time.
   *
   * @param parent absolute
   */
  public static RunFolder fresh(Path parent, String id, Clock clock) {
    String name = id + "-" + TIMESTAMP.format(LocalDateTime.now(clock));
    Path path = parent.resolve(name);
    for (int other = 2; Files.exists(path); other++) {
      path = parent.resolve(name + "-" + other);
    }
    return new RunFolder(path);
  }

  /**
   * A folder that the user names, whether it exists or not.
   *
   * @throws UsageError if it is a file
   */
  public static RunFolder named(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UsageError("the run folder " + path + " is a file; pass another path with --out");
    }
    return new RunFolder(path.normalize());
  }

  /** Whether a run was begun in it. */
  public boolean holdsRun() {
    return Files.isRegularFile(configuration());
  }

  /** Whether nothing lies in it, or it does not exist. */
  public boolean isEmpty() {
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

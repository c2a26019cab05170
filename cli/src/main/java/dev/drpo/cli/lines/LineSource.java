package dev.drpo.cli.lines;

import dev.drpo.cli.exit.UsageError;
import java.io.Closeable;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where lines come from.
 *
 * @param name for people
 */
public record LineSource(String name, InputStream stream) implements Closeable {
  private static final Path DASH = Path.of("-");
  private static final String STANDARD_INPUT = "standard input";

  /**
   * Opens a file, or standard input if there is none or it is called {@code -}.
   *
   * @throws UsageError if the file is missing or can't be read
   */
  public static LineSource open(Optional<Path> file) throws IOException {
    Optional<Path> named = file.filter(path -> !path.equals(DASH));
    if (named.isEmpty()) {
      return new LineSource(STANDARD_INPUT, new FileInputStream(FileDescriptor.in));
    }
    Path path = named.get();
    if (!Files.exists(path)) {
      throw new UsageError(path + " does not exist; give a file of JSON lines, or - for stdin");
    }
    if (Files.isDirectory(path)) {
      throw new UsageError(path + " is a folder; give a file of JSON lines");
    }
    if (!Files.isReadable(path)) {
      throw new UsageError(path + " can't be read; check its permissions");
    }
    return new LineSource(path.toString(), new FileInputStream(path.toFile()));
  }

  /** Whether a person has to type the lines, and should be told so. */
  public boolean isTerminal() {
    // Whether a console exists without a terminal depends on the platform's console provider.
    Console console = System.console();
    return isStandardInput() && console != null && console.isTerminal();
  }

  private boolean isStandardInput() {
    return name.equals(STANDARD_INPUT);
  }

  /** Closes a file; standard input is the process's. */
  @Override
  public void close() throws IOException {
    if (!isStandardInput()) {
      stream.close();
    }
  }
}

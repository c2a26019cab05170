package dev.drpo.cli.lines;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The file that a command reads JSON lines from. */
public final class LinesFile {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "File to read; - or nothing for standard input.")
  private Optional<Path> file = Optional.empty();

  /** The file as it was given. */
  public Optional<Path> given() {
    return file;
  }

  /**
   * Opens the file, or standard input.
   *
   * @throws UsageError if the file is missing or can't be read
   */
  public LineSource open() throws IOException {
    return LineSource.open(file);
  }
}

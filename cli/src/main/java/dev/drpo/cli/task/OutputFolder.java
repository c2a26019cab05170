package dev.drpo.cli.task;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a command of this package writes to. */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Creates the folder where it is missing.
   *
   * @throws UsageError if no file can be written in it, so that minutes of work don't come to
   *     nothing
   */
  public static void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "writable", null));
    } catch (IOException e) {
      throw new UsageError(
          "no file can be written in %s (%s); name a writable folder with --out"
              .formatted(folder, e));
    }
  }
}

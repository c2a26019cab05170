package dev.drpo.cli.eval;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of an evaluation. */
final class EvalFolder {
  private EvalFolder() {}

  /**
   * Takes a folder for an evaluation: makes it, or finds that it holds the same one.
   *
   * @throws UsageError if something else is in it
   */
  static void claim(Path folder, Manifest manifest) throws IOException {
    if (Files.exists(folder.resolve(Manifest.FILE))) {
      Optional<String> difference = manifest.difference(Manifest.read("--out", folder));
      if (difference.isPresent()) {
        throw new UsageError(
            "--out is %s, which holds another evaluation: %s; give another folder, or repeat its options"
                .formatted(folder, difference.get()));
      }
      return;
    }
    if (Files.exists(folder) && !isEmpty(folder)) {
      throw new UsageError(
          "--out is %s, which is not empty, and no evaluation's; give another folder"
              .formatted(folder));
    }
    Files.createDirectories(folder);
    ReportFiles.replace(folder.resolve(Manifest.FILE), manifest.text());
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var files = Files.list(folder)) {
      // What a process left that was killed while it wrote the manifest.
      return files.allMatch(file -> file.endsWith(Manifest.FILE + ".partial"));
    }
  }
}

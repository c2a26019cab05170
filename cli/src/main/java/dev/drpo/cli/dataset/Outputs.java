package dev.drpo.cli.dataset;

import dev.drpo.cli.exit.UsageError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where an import writes to. */
final class Outputs {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "JSON-lines file of problems to write.")
  private Path out;

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  @Option(
      names = "--left-out",
      paramLabel = "FILE",
      description = "List what is left out there, one JSON object a line: id, reason, detail.")
  private Optional<Path> leftOut = Optional.empty();

  /** The file of a part, or the main one for the empty name. */
  Path file(String part) {
    if (part.isEmpty()) {
      return out;
    }
    String name = out.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String ending = dot > 0 ? name.substring(dot) : "";
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return out.resolveSibling(stem + "-" + part + ending);
  }

  Optional<Path> leftOut() {
    return leftOut;
  }

  /**
   * Refuses to write over anything that was not meant.
   *
   * @throws UsageError if a file exists, or is one of those that are read
   */
  void check(List<String> parts, List<Path> read) {
    List<Path> written = new ArrayList<>(List.of(out));
    parts.forEach(part -> written.add(file(part)));
    leftOut.ifPresent(written::add);
    for (Path file : written) {
      if (written.stream().filter(other -> isSame(other, file)).count() > 1) {
        throw new UsageError(file + " would be written twice; name another file");
      }
      if (read.stream().anyMatch(source -> isSame(source, file))) {
        throw new UsageError(file + " would be written over while it is read; name another --out");
      }
      if (Files.isDirectory(file)) {
        throw new UsageError(file + " is a folder; name a file");
      }
      if (Files.exists(file) && !force) {
        throw new UsageError(file + " exists; name another file, or give --force to replace it");
      }
    }
  }

  private static boolean isSame(Path source, Path file) {
    return source.toAbsolutePath().normalize().equals(file.toAbsolutePath().normalize());
  }
}

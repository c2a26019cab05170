package dev.drpo.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files by which Linux tells what a machine is like, and the environment.
 *
 * @param root what stands for {@code /}
 */
record Host(Path root, Map<String, String> environment) {
  static Host ofThisMachine() {
    return new Host(Path.of("/"), System.getenv());
  }

  /** The lines of a file; none if it is not there or can't be read. */
  List<String> lines(String path) {
    try {
      return Files.readAllLines(root.resolve(path));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The only line of a file. */
  Optional<String> line(String path) {
    return lines(path).stream().findFirst().map(String::strip);
  }

  /** The number in a file, or of its line that begins with a name; empty if there is none. */
  Optional<Long> number(String path, String name) {
    return lines(path).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replaceAll("\\D", ""))
        .filter(
            digits -> !digits.isEmpty() && digits.length() < Long.toString(Long.MAX_VALUE).length())
        .map(Long::parseLong)
        .findFirst();
  }
}

package dev.drpo.k8s;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that tests need and not every machine has. */
final class Tool {
  private Tool() {}

  /**
   * Finds a program on the PATH. Aborts the test where it is not; under CI, which installs it, that
   * is a failure.
   *
   * @param lacking what is not tested without it, and how to get it
   */
  static Path find(String name, String lacking) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> miss("no " + name + " on the PATH, so that " + lacking));
  }

  private static Path miss(String message) {
    if (System.getenv("CI") != null) {
      throw new AssertionError(message);
    }
    return abort(message);
  }
}

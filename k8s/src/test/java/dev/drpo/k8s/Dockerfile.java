package dev.drpo.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;

/** The files that the images are built from. */
final class Dockerfile {
  private Dockerfile() {}

  static String text() throws IOException {
    return Files.readString(Kustomize.ROOT.resolve("Dockerfile"));
  }

  /** The one of the native binary. */
  static String ofBinary() throws IOException {
    return Files.readString(Kustomize.ROOT.resolve("Dockerfile.native"));
  }

  /** A stage, from the line that names it to the next. */
  static String stage(String name) throws IOException {
    return Pattern.compile("(?m)^(?=FROM )")
        .splitAsStream(text())
        .filter(it -> it.lines().findFirst().orElse("").endsWith(" AS " + name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the Dockerfile has no stage " + name));
  }
}

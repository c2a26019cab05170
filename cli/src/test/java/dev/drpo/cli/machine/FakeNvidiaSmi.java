package dev.drpo.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A program that tells of GPUs which nobody has. */
public final class FakeNvidiaSmi {
  /** Its name in its folder. */
  public static final String NAME = "nvidia-smi";

  private FakeNvidiaSmi() {}

  /** Writes one that tells the given lines: index, name, MiB, free MiB, driver, identifier. */
  public static Path telling(Path folder, String lines) throws IOException {
    return write(folder, "cat <<'END'\n" + lines.strip() + "\nEND\n");
  }

  /** Writes one that ends with a message and an exit code. */
  public static Path failing(Path folder, String message, int exitCode) throws IOException {
    return write(folder, "cat <<'END'\n" + message + "\nEND\nexit " + exitCode + "\n");
  }

  private static Path write(Path folder, String commands) throws IOException {
    Path program = folder.resolve(NAME);
    Files.writeString(program, "#!/bin/sh\n" + commands);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

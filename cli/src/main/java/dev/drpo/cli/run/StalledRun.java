package dev.drpo.cli.run;

import java.io.Serial;

/** A run in which nothing moves any more. */
final class StalledRun extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  StalledRun(String message) {
    super(message);
  }
}

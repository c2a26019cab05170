package dev.drpo.cli.eval;

import java.io.IOException;
import java.io.Serial;

/** Samples that lie in a folder can't be gone on with. */
final class UnusableLog extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  UnusableLog(String message) {
    super(message);
  }
}

package dev.drpo.cli.exit;

import java.io.Serial;

/**
 * A request that can't be honoured as it was made. The message names the subject, the expectation
 * and the remedy; no stack trace is of use.
 */
public final class UsageError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public UsageError(String message) {
    super(message);
  }
}

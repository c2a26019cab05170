package dev.drpo.cli.generate;

import java.io.Serial;

/** A prompt that the policy can't continue. The message says why, and what would help. */
final class RefusedPrompt extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  RefusedPrompt(String message) {
    super(message);
  }
}

package dev.drpo.cli.sft;

import java.io.Serial;

/** A trace that the policy can't learn. The message says why. */
final class RefusedTrace extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  RefusedTrace(String message) {
    super(message);
  }
}

package dev.drpo.cli.eval;

import java.io.Serial;

/** A server does not do what was asked of it. The message is fit for a person. */
final class ServerFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ServerFailure(String message) {
    super(message);
  }
}

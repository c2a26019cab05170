package dev.drpo.cli.judge;

import java.io.Serial;
import java.util.Optional;

/** A line that is no request. The message says what is wrong with it and what is expected. */
final class MalformedLine extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Optional<RequestId> id;

  MalformedLine(Optional<RequestId> id, String message) {
    super(message);
    this.id = id;
  }

  /** The line's identifier, as far as it could be read. */
  Optional<RequestId> id() {
    return id;
  }
}

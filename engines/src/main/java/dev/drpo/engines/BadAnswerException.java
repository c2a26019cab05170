package dev.drpo.engines;

/** An answer that can't be used. */
final class BadAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final AnswerFault fault;

  BadAnswerException(AnswerFault fault, String detail) {
    // Without a stack trace: the server is at fault.
    super(fault.says() + (detail.isEmpty() ? "" : ": " + detail), null, false, false);
    this.fault = fault;
  }

  AnswerFault fault() {
    return fault;
  }
}

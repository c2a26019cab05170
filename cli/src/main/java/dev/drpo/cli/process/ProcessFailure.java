package dev.drpo.cli.process;

import java.io.Serial;
import java.util.stream.Collectors;

/**
 * A service did not start, or died. The message says which, why as far as its log tells, and where
 * the log is.
 */
public final class ProcessFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public ProcessFailure(String message) {
    super(message);
  }

  ProcessFailure(String message, Throwable cause) {
    super(message, cause);
  }

  ProcessFailure(String what, ServiceProcess process) {
    super(
        process.output().explanation().stream()
            .map(line -> "    " + line + "\n")
            .collect(
                Collectors.joining("", what + "\n", "  Its whole log: " + process.output().log())));
  }
}

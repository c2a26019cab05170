package dev.drpo.cli.lines;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.io.Serial;
import java.util.Locale;
import java.util.function.Consumer;

/** The output can't be written any more. */
public final class OutputFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public OutputFailure(IOException cause) {
    super(cause.getMessage(), cause);
  }

  /**
   * Ends a command: silently if the reader has seen enough, else with a message.
   *
   * @param what was being written, such as "the verdicts"
   * @param say tells a person
   */
  public int exitCode(String what, Consumer<String> say) {
    if (isClosedPipe()) {
      return ExitCode.OUTPUT_CLOSED;
    }
    say.accept("drpo: %s can't be written: %s".formatted(what, getMessage()));
    return ExitCode.FAILED;
  }

  /**
   * Whether the reader has seen enough, as {@code head} does. The JVM ignores the signal that ends
   * other programs then, and gives the system's words instead.
   */
  public boolean isClosedPipe() {
    String message = getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains("broken pipe");
  }
}

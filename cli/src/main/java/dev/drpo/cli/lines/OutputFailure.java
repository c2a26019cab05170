package dev.drpo.cli.lines;

import java.io.IOException;
import java.io.Serial;
import java.util.Locale;

/** The output can't be written any more. */
public final class OutputFailure extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public OutputFailure(IOException cause) {
    super(cause.getMessage(), cause);
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

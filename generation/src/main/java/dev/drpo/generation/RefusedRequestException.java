package dev.drpo.generation;

import com.google.errorprone.annotations.FormatMethod;

/**
 * A request that no replica with this configuration can serve, however often it is tried. The
 * message names what is wrong, what is expected and the remedy.
 */
public final class RefusedRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedRequestException(String message) {
    super(message);
  }

  @FormatMethod
  static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new RefusedRequestException(message.formatted(values));
    }
  }
}

package dev.drpo.cli.lines;

import java.nio.ByteBuffer;

/** A line of the input, without its end. */
public sealed interface InputLine {
  /**
   * Longest line whose content is kept: room for the longest response that is judged, with every
   * character escaped, and its gold, or for a million token ids.
   */
  int MAX_BYTES = 8 << 20;

  /** Counted from 1, blank lines included. */
  long number();

  /** A line within the size limit. */
  record Text(long number, ByteBuffer utf8) implements InputLine {}

  /** A line over the size limit, whose content was skipped. */
  record TooLong(long number) implements InputLine {}

  /** Whether there is nothing to read on it. */
  default boolean isBlank() {
    return switch (this) {
      case Text(long _, ByteBuffer utf8) -> isBlank(utf8);
      case TooLong _ -> false;
    };
  }

  private static boolean isBlank(ByteBuffer utf8) {
    for (int i = utf8.position(); i < utf8.limit(); i++) {
      byte character = utf8.get(i);
      if (character != ' ' && character != '\t' && character != '\r') {
        return false;
      }
    }
    return true;
  }
}

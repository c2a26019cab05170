package dev.drpo.cli.judge;

import java.nio.ByteBuffer;

/** A line of the input, without its end. */
sealed interface InputLine {
  /** Counted from 1, blank lines included. */
  long number();

  /** A line within the size limit. */
  record Text(long number, ByteBuffer utf8) implements InputLine {}

  /** A line over the size limit, whose content was skipped. */
  record TooLong(long number) implements InputLine {}
}

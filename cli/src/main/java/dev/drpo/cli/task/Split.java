package dev.drpo.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.zip.CRC32;

/**
 * Which side of the held-out boundary a problem lies on.
 *
 * <p>The rule is a property of the problem and not of a file: the warm start, which draws its own
 * problems, and the training data leave out the same tenth.
 */
public enum Split {
  TRAIN,
  HELD_OUT;

  /** Held out is every prompt whose CRC-32, over its UTF-8 bytes, is divisible by ten. */
  static Split of(String prompt) {
    var crc = new CRC32();
    crc.update(prompt.getBytes(UTF_8));
    return crc.getValue() % 10 == 0 ? HELD_OUT : TRAIN;
  }
}

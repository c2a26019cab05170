package dev.drpo.cli.lines;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Where results go: UTF-8 whatever the locale, and at once, so that a pipe sees it. */
public final class LineOutput {
  private final OutputStream out;

  /** Writes to a stream, which stays the caller's to close. */
  public LineOutput(OutputStream out) {
    this.out = out;
  }

  /** Standard output. */
  public static LineOutput standard() {
    return new LineOutput(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * Writes text; lone surrogates, which no encoding has, become question marks.
   *
   * @throws OutputFailure if it can't be written
   */
  public void write(String text) throws OutputFailure {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException failure) {
      throw new OutputFailure(failure);
    }
  }
}

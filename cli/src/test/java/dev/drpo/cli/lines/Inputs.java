package dev.drpo.cli.lines;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Inputs that no text in memory can be. */
public final class Inputs {
  private Inputs() {}

  /** Fails at the first read. */
  public static final class BrokenInput extends InputStream {
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw new IOException("Input/output error");
    }

    @Override
    public int read() throws IOException {
      throw new IOException("Input/output error");
    }
  }

  /** One text for ever. */
  public static final class Repeated extends InputStream {
    private final byte[] text;
    private int position;

    public Repeated(String text) {
      this.text = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int available() {
      return Integer.MAX_VALUE;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      for (int i = 0; i < length; i++) {
        bytes[offset + i] = (byte) read();
      }
      return length;
    }

    @Override
    public int read() {
      byte next = text[position];
      position = (position + 1) % text.length;
      return next;
    }
  }

  /** Many zeros without a line end, then a text. */
  public static final class ZerosThen extends InputStream {
    private final InputStream text;
    private long zeros;

    public ZerosThen(long zeros, String text) {
      this.zeros = zeros;
      this.text = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (zeros == 0) {
        return text.read(bytes, offset, length);
      }
      int count = (int) Math.min(zeros, length);
      Arrays.fill(bytes, offset, offset + count, (byte) '0');
      zeros -= count;
      return count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }
  }
}

package dev.drpo.cli.progress;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The terminal's last line, redrawn in place, below lines that stay. The bars' thread and the run's
 * thread both write, so that each write holds the lock.
 */
final class BottomLine {
  private static final String ERASE = "\r\u001b[K";
  private static final int NARROWEST = 40;

  private final PrintStream out;
  private final int width;
  private String drawn = "";

  BottomLine(PrintStream out) {
    this.out = out;
    // The last column stays free, since some terminals wrap as soon as it is written.
    this.width =
        Math.max(NARROWEST, new ConsoleProgressBarConsumer(out).getMaxRenderedLength() - 1);
  }

  synchronized void printAbove(String line) {
    out.print(ERASE + line + System.lineSeparator() + drawn);
    out.flush();
  }

  /** A place for one bar. Its last frame stays when it is closed; later frames are dropped. */
  ProgressBarConsumer newBar() {
    return new Bar();
  }

  private synchronized void draw(String frame) {
    drawn = frame;
    out.print(ERASE + frame);
    out.flush();
  }

  private synchronized void keep() {
    if (!drawn.isEmpty()) {
      drawn = "";
      out.println();
      out.flush();
    }
  }

  private final class Bar implements ProgressBarConsumer {
    private boolean closed;

    @Override
    public int getMaxRenderedLength() {
      return width;
    }

    @Override
    public synchronized void accept(String frame) {
      if (!closed) {
        draw(frame);
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        keep();
      }
    }
  }
}

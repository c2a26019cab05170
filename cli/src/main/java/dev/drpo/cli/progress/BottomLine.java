package dev.drpo.cli.progress;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The terminal's last line, redrawn in place, below lines that stay. The bar's thread and the run's
 * thread both write, so that each write holds the lock.
 */
final class BottomLine implements ProgressBarConsumer {
  private static final String ERASE = "\r\u001b[K";
  private static final int NARROWEST = 40;

  private final PrintStream out;
  private final ProgressBarConsumer console;
  private String drawn = "";

  BottomLine(PrintStream out) {
    this.out = out;
    this.console = new ConsoleProgressBarConsumer(out);
  }

  synchronized void printAbove(String line) {
    out.print(ERASE + line + System.lineSeparator() + drawn);
    out.flush();
  }

  @Override
  public int getMaxRenderedLength() {
    // The last column stays free, since some terminals wrap as soon as it is written.
    return Math.max(NARROWEST, console.getMaxRenderedLength() - 1);
  }

  @Override
  public synchronized void accept(String line) {
    drawn = line;
    out.print(ERASE + line);
    out.flush();
  }

  @Override
  public synchronized void close() {
    if (!drawn.isEmpty()) {
      drawn = "";
      out.println();
      out.flush();
    }
  }
}

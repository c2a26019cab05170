package dev.drpo.cli.lines;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Reads lines ahead on a thread of its own, so that whoever works on them can wait for something
 * else beside them, and can be interrupted while it waits. Blank lines are skipped. What was read
 * and has not been released is bounded.
 */
public final class LineFeed implements AutoCloseable {
  private static final int MAX_UNRELEASED_BYTES = 2 * InputLine.MAX_BYTES;

  /** What a line costs beside its text. */
  private static final int LINE_BYTES = 128;

  private final Semaphore bytes = new Semaphore(MAX_UNRELEASED_BYTES);
  private final Thread thread;

  /** What the thread tells, in the order of the input. */
  public sealed interface News {
    /** A line that is not blank. Its taker releases it. */
    record Line(InputLine line) implements News {}

    /** More may come, but not now. */
    record Pause() implements News {}

    /**
     * Nothing will come any more.
     *
     * @param failure why the input could not be read to its end, if so
     */
    record End(Optional<IOException> failure) implements News {}
  }

  private LineFeed(InputStream in, Consumer<? super News> listener) {
    this.thread =
        Thread.ofPlatform().name("line-feed").daemon().unstarted(() -> read(in, listener));
  }

  /**
   * Starts reading.
   *
   * @param in stays the caller's to close
   * @param listener hears the news on the reading thread; it must not block
   */
  public static LineFeed start(InputStream in, Consumer<? super News> listener) {
    LineFeed feed = new LineFeed(in, listener);
    feed.thread.start();
    return feed;
  }

  private void read(InputStream in, Consumer<? super News> listener) {
    LineReader lines = new LineReader(in, () -> listener.accept(new News.Pause()));
    try {
      for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!line.get().isBlank()) {
          bytes.acquire(weight(line.get()));
          listener.accept(new News.Line(line.get()));
        }
      }
      listener.accept(new News.End(Optional.empty()));
    } catch (IOException failure) {
      listener.accept(new News.End(Optional.of(failure)));
    } catch (InterruptedException closed) {
      // Nobody listens any more.
    }
  }

  private static int weight(InputLine line) {
    return switch (line) {
      case InputLine.Text text -> text.utf8().remaining() + LINE_BYTES;
      case InputLine.TooLong _ -> LINE_BYTES;
    };
  }

  /** Makes room for what follows a line that has been worked on. */
  public void release(InputLine line) {
    bytes.release(weight(line));
  }

  /** Stops reading, as soon as the thread does not wait for input. */
  @Override
  public void close() {
    thread.interrupt();
  }
}

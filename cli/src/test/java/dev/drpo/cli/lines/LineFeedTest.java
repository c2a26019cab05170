package dev.drpo.cli.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LineFeedTest {
  private final BlockingQueue<LineFeed.News> news = new LinkedBlockingQueue<>();

  @Test
  void linesComeInOrderWithTheirNumbersAndWithoutBlankOnes() throws Exception {
    try (LineFeed _ = LineFeed.start(input("a\n\n \t\r\nb"), news::add)) {
      assertThat(nextLine()).isEqualTo("1 a");
      assertThat(nextLine()).isEqualTo("4 b");
      assertThat(nextBesidesPauses())
          .isInstanceOfSatisfying(
              LineFeed.News.End.class, end -> assertThat(end.failure()).isEmpty());
    }
  }

  @Test
  void aPauseIsToldBeforeTheWait() throws Exception {
    try (PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(writer);
        LineFeed _ = LineFeed.start(in, news::add)) {
      assertThat(news.take()).isInstanceOf(LineFeed.News.Pause.class);
      writer.write("a\n".getBytes(StandardCharsets.UTF_8));
      writer.flush();
      assertThat(nextLine()).isEqualTo("1 a");
      assertThat(news.take()).isInstanceOf(LineFeed.News.Pause.class);
    }
  }

  @Test
  void aBrokenInputEndsWithItsFailure() throws Exception {
    InputStream in = new SequenceInputStream(input("a\n"), new Inputs.BrokenInput());
    try (LineFeed _ = LineFeed.start(in, news::add)) {
      assertThat(nextLine()).isEqualTo("1 a");
      assertThat(nextBesidesPauses())
          .isInstanceOfSatisfying(
              LineFeed.News.End.class,
              end -> assertThat(end.failure().orElseThrow()).hasMessage("Input/output error"));
    }
  }

  @Test
  void whatIsReadAheadOfItsTakerIsBounded() throws Exception {
    String line = "x".repeat(10_000) + "\n";
    AtomicLong unreleased = new AtomicLong();
    AtomicLong most = new AtomicLong();
    try (LineFeed feed =
        LineFeed.start(
            new Inputs.Repeated(line),
            item -> {
              most.accumulateAndGet(unreleased.addAndGet(line.length()), Math::max);
              news.add(item);
            })) {
      for (int i = 0; i < 10_000; i++) {
        LineFeed.News.Line next = (LineFeed.News.Line) news.take();
        unreleased.addAndGet(-line.length());
        feed.release(next.line());
      }
    }
    assertThat(most.get()).isPositive().isLessThan(2L * InputLine.MAX_BYTES + line.length());
  }

  private String nextLine() throws InterruptedException {
    InputLine line = ((LineFeed.News.Line) nextBesidesPauses()).line();
    return line.number()
        + " "
        + StandardCharsets.UTF_8.decode(((InputLine.Text) line).utf8().duplicate());
  }

  private LineFeed.News nextBesidesPauses() throws InterruptedException {
    LineFeed.News item = news.take();
    while (item instanceof LineFeed.News.Pause) {
      item = news.take();
    }
    return item;
  }

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}

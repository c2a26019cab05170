package dev.drpo.service;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Decides which lines of a log are worth their place: the same line once in ten seconds. Clients of
 * the broker tell of every attempt, hundreds of times a second while a topic is missing, and many
 * clients of one process tell the same; lines of theirs that differ by numbers, ids and the name of
 * the client alone count as the same. Safe for use by many threads.
 */
final class RepeatedLines {
  static final Duration PAUSE = Duration.ofSeconds(10);

  /** Lines remembered, the latest; a process has about a hundred that it repeats. */
  private static final int REMEMBERED = 1000;

  private static final Pattern ID = Pattern.compile("\\b[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])");
  private static final Pattern CLIENT = Pattern.compile("clientId=[^,\\]]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final LongSupplier nanoTime;
  private final Map<Line, Said> said =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Line, Said> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Line(String logger, String text) {}

  private static final class Said {
    private final long at;
    private long more;

    Said(long at) {
      this.at = at;
    }
  }

  /**
   * Remembers nothing yet.
   *
   * @param nanoTime a clock that never jumps, in nanoseconds
   */
  RepeatedLines(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Takes note of a line that is about to be logged.
   *
   * @return how many like it were left out since the last one; empty if this one is to be left out
   */
  synchronized OptionalLong admit(String logger, String text) {
    Line line = new Line(logger, isOfClients(logger) ? withoutNumbers(text) : text);
    long now = nanoTime.getAsLong();
    Said last = said.get(line);
    if (last != null && now - last.at < PAUSE.toNanos()) {
      last.more++;
      return OptionalLong.empty();
    }
    said.put(line, new Said(now));
    return OptionalLong.of(last == null ? 0 : last.more);
  }

  /** A dead letter is told once, whatever it has in common with others. */
  private static boolean isOfClients(String logger) {
    return logger.startsWith("org.apache.kafka.")
        || (logger.startsWith("dev.drpo.runtime.messaging.") && !logger.endsWith(".DeadLetters"));
  }

  private static String withoutNumbers(String text) {
    String anyClient = CLIENT.matcher(text).replaceAll("clientId=*");
    return NUMBER.matcher(ID.matcher(anyClient).replaceAll("*")).replaceAll("#");
  }
}

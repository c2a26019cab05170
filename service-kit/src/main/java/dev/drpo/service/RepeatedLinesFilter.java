package dev.drpo.service;

import io.quarkus.logging.LoggingFilter;
import java.util.OptionalLong;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Keeps lines that repeat themselves out of a service's log; the next one tells how many. */
@LoggingFilter(name = "repeated-lines")
public final class RepeatedLinesFilter implements Filter {
  private static final ExtFormatter TEXT = new PatternFormatter("%s");

  private final RepeatedLines lines = new RepeatedLines(System::nanoTime);

  @Override
  public boolean isLoggable(LogRecord logged) {
    if (!(logged instanceof ExtLogRecord line)) {
      // None of the log manager that services run with.
      return true;
    }
    OptionalLong left = lines.admit(String.valueOf(line.getLoggerName()), text(line));
    if (left.isPresent() && left.getAsLong() > 0) {
      line.setMessage(
          "%s (%d more like it before)".formatted(text(line), left.getAsLong()),
          ExtLogRecord.FormatStyle.NO_FORMAT);
    }
    return left.isPresent();
  }

  private static String text(ExtLogRecord line) {
    return TEXT.format(line);
  }
}

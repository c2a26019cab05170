package dev.drpo.reward.http;

import io.grpc.Deadline;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code grpc-timeout}, which callers of plain HTTP may send as well. */
final class TimeoutHeader {
  static final String NAME = "grpc-timeout";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,8})([HMSmun])");

  private TimeoutHeader() {}

  /** The deadline from now on; empty if there is none or it is malformed, which fails no call. */
  static Optional<Deadline> parse(String header) {
    Matcher timeout = FORM.matcher(header == null ? "" : header);
    return timeout.matches()
        ? Optional.of(Deadline.after(Long.parseLong(timeout.group(1)), unit(timeout.group(2))))
        : Optional.empty();
  }

  private static TimeUnit unit(String letter) {
    return switch (letter) {
      case "H" -> TimeUnit.HOURS;
      case "M" -> TimeUnit.MINUTES;
      case "S" -> TimeUnit.SECONDS;
      case "m" -> TimeUnit.MILLISECONDS;
      case "u" -> TimeUnit.MICROSECONDS;
      default -> TimeUnit.NANOSECONDS;
    };
  }
}

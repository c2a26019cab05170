package dev.drpo.simulation;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What happened in a schedule, in order, for a person. Costs nothing where nobody reads it. */
final class Trace {
  private final boolean on;
  private final List<String> events = new ArrayList<>();
  private LongSupplier nanos = () -> 0;

  private Trace(boolean on) {
    this.on = on;
  }

  static Trace on() {
    return new Trace(true);
  }

  static Trace off() {
    return new Trace(false);
  }

  /** Tells the time from now on. */
  void by(LongSupplier clock) {
    nanos = clock;
  }

  boolean isOn() {
    return on;
  }

  @FormatMethod
  void add(String format, Object... arguments) {
    if (on) {
      events.add(
          String.format(Locale.ROOT, "%9.4f s  ", nanos.getAsLong() / 1e9)
              + format.formatted(arguments));
    }
  }

  List<String> events() {
    return events;
  }
}

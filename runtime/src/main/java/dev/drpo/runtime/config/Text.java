package dev.drpo.runtime.config;

import java.util.Locale;

/** How names and values are written in a configuration. */
final class Text {
  private Text() {}

  /** A value as a user writes it: a choice in lower case with hyphens. */
  static String of(Object value) {
    return value instanceof Enum<?> choice
        ? choice.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : String.valueOf(value);
  }

  /** The name of a Java component as a key: {@code topP} is {@code top-p}. */
  static String key(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}

package dev.drpo.cli.sft;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of an enum by their names in lower case. */
final class Choice {
  private Choice() {}

  /**
   * The value of a name.
   *
   * @param key what it is chosen for
   * @param others what is allowed beside, for messages
   * @throws IllegalArgumentException if there is no such value
   */
  static <E extends Enum<E>> E of(Class<E> type, String key, String name, String... others) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> nameOf(value).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s; it must be one of %s"
                        .formatted(
                            key,
                            name,
                            Stream.concat(
                                    Arrays.stream(type.getEnumConstants()).map(Choice::nameOf),
                                    Arrays.stream(others))
                                .collect(Collectors.joining(", ")))));
  }

  private static String nameOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

package dev.drpo.runtime.config;

import dev.drpo.judge.convention.Conventions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One key of a run's configuration.
 *
 * @param name with its section, such as {@code objective.lambda}
 * @param type of the value in Java
 * @param byDefault the value of a run that says nothing, as text
 * @param bounds what the value must be; empty for any of its type
 * @param meaning in Markdown, for a person
 * @param onResume whether it may change when a run goes on
 */
public record ConfigKey(
    String name,
    Class<?> type,
    String byDefault,
    String bounds,
    String meaning,
    OnResume onResume) {

  static ConfigKey of(String name, Class<?> type, Key key) {
    return new ConfigKey(
        name,
        type,
        key.byDefault(),
        type.isEnum() ? oneOf(type) : key.bounds(),
        key.means(),
        key.onResume());
  }

  /** What a choice must be. */
  static String oneOf(Class<?> choices) {
    return oneOf(Arrays.stream(choices.getEnumConstants()).map(Text::of).toList());
  }

  static String oneOf(List<String> choices) {
    return "one of " + choices;
  }

  /** Whether it holds names and values, not a single value. */
  boolean isTable() {
    return type == Map.class || type == Conventions.class;
  }
}

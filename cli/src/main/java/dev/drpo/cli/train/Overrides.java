package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code key=value} words. Whether the keys exist is for the configuration to say. */
public final class Overrides {
  private Overrides() {}

  /**
   * The values by dotted key.
   *
   * @throws UsageError if a word is no {@code key=value} or a key stands twice
   */
  public static Map<String, String> of(List<String> words) {
    Map<String, String> overrides = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 1) {
        throw new UsageError(
            "'%s' is no key=value, such as training.steps=200; a configuration file is named with --config"
                .formatted(word));
      }
      String key = word.substring(0, equals);
      if (overrides.putIfAbsent(key, word.substring(equals + 1)) != null) {
        throw new UsageError(key + " is given twice; leave one of them out");
      }
    }
    return overrides;
  }
}

package dev.drpo.cli.compare;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One run of a comparison.
 *
 * @param strength a value of the method's key; empty where it has none
 */
record Cell(Comparison.Method method, String strength, String learningRate, long seed) {
  /** The strength as people read it, such as {@code lambda 0.1}. */
  String shownStrength() {
    return method
        .strengthKey()
        .map(key -> key.substring(key.lastIndexOf('.') + 1) + " " + strength)
        .orElse("");
  }

  /** Its keys, those that all runs share included. */
  Map<String, String> keys(Map<String, String> base) {
    Map<String, String> keys = new LinkedHashMap<>(base);
    keys.putAll(keys());
    keys.put("run.id", slug());
    return keys;
  }

  /**
   * Its configuration, with paths as they are given.
   *
   * @throws dev.drpo.runtime.config.ConfigException if there is no such run
   */
  RunConfig configuration(Map<String, String> base) {
    Map<String, String> keys = keys(base);
    String preset = keys.remove("preset");
    return ConfigLoader.load(
        null, preset == null ? Map.of() : Map.of(ConfigLoader.PRESET_VARIABLE, preset), keys);
  }

  /** Keys that make it differ from the other runs. */
  Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>(method.keys());
    method.strengthKey().ifPresent(key -> keys.put(key, strength));
    keys.put("optimizer.learning-rate", learningRate);
    keys.put("run.seed", String.valueOf(seed));
    return keys;
  }

  /** A name that no other run of the comparison has, safe for files and topics. */
  String slug() {
    return "%s-%srate-%s-seed-%d"
        .formatted(
            word(method.name()),
            strength.isEmpty() ? "" : word(shownStrength()) + "-",
            word(learningRate),
            seed);
  }

  private static String word(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
  }

  @Override
  public String toString() {
    return "%s%s, learning rate %s, seed %d"
        .formatted(
            method.name(), strength.isEmpty() ? "" : ", " + shownStrength(), learningRate, seed);
  }
}

package dev.drpo.cli.compare;

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

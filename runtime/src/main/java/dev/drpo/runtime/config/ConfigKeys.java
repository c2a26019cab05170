package dev.drpo.runtime.config;

import dev.drpo.objectives.ObjectiveConfig;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Every key that a run can set, in the order of the records that hold them. */
public final class ConfigKeys {
  private static final Map<String, ConfigKey> BY_NAME = collect();

  private ConfigKeys() {}

  private static Map<String, ConfigKey> collect() {
    Map<String, ConfigKey> keys = new LinkedHashMap<>();
    for (RecordComponent section : RunConfig.class.getRecordComponents()) {
      if (section.getType() == ObjectiveConfig.class) {
        ObjectiveKeys.all().forEach(key -> keys.put(key.name(), key));
        continue;
      }
      for (RecordComponent component : section.getType().getRecordComponents()) {
        String name = section.getName() + "." + Text.key(component.getName());
        keys.put(name, ConfigKey.of(name, component.getType(), component.getAnnotation(Key.class)));
      }
    }
    return keys;
  }

  public static Collection<ConfigKey> all() {
    return BY_NAME.values();
  }

  /** The key of a name, if there is one. */
  public static Optional<ConfigKey> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * Refuses a value outside of its key's bounds.
   *
   * @param holds whether the value is within them
   * @throws ConfigException if it is not
   */
  static void requireBounds(boolean holds, String key, Object value) {
    ConfigException.require(holds, key, value, "it must be " + BY_NAME.get(key).bounds());
  }

  static void requirePositive(String key, int value) {
    requireBounds(value > 0, key, value);
  }

  static void requirePositive(String key, double value) {
    requireBounds(value > 0 && Double.isFinite(value), key, value);
  }

  static void requireBetween(String key, int least, int value, int most) {
    requireBounds(value >= least && value <= most, key, value);
  }

  static void requireTemperature(String key, double value) {
    requireBounds(value >= 0 && Double.isFinite(value), key, value);
  }

  static void requireTopP(String key, double value) {
    requireBounds(value > 0 && value <= 1, key, value);
  }
}

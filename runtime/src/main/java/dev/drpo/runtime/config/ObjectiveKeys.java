package dev.drpo.runtime.config;

import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.objectives.Option;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code objective}: the objective's name beside the options of all objectives, each of
 * which takes some of them.
 */
final class ObjectiveKeys {
  static final String SECTION = "objective";
  static final String NAME = "name";

  /** Every objective with its defaults, by name. */
  static final Map<String, ObjectiveConfig> DEFAULTS = defaults();

  private ObjectiveKeys() {}

  private static Map<String, ObjectiveConfig> defaults() {
    Map<String, ObjectiveConfig> defaults = new LinkedHashMap<>();
    ObjectiveConfig.defaults().forEach(config -> defaults.put(config.name(), config));
    return defaults;
  }

  static List<ConfigKey> all() {
    List<ConfigKey> keys = new ArrayList<>();
    keys.add(
        new ConfigKey(
            SECTION + "." + NAME,
            String.class,
            DEFAULTS.keySet().iterator().next(),
            ConfigKey.oneOf(List.copyOf(DEFAULTS.keySet())),
            "What is maximised; [objectives.md](objectives.md) has the formulas.",
            OnResume.SHAPES_RUN));
    for (Option option : Option.values()) {
      Class<?> type = component(option).getType();
      keys.add(
          new ConfigKey(
              SECTION + "." + option.key(),
              type,
              Text.of(byDefault(option)),
              type.isEnum() ? ConfigKey.oneOf(type) : option.bounds(),
              option.meaning() + " Taken by " + String.join(", ", takers(option)) + ".",
              OnResume.SHAPES_RUN));
    }
    return keys;
  }

  /** The options that an objective takes, besides its name. */
  static List<String> keysOf(ObjectiveConfig config) {
    return Arrays.stream(config.getClass().getRecordComponents())
        .map(component -> Text.key(component.getName()))
        .toList();
  }

  /** The names of the objectives that take an option. */
  static List<String> takers(Option option) {
    return DEFAULTS.values().stream()
        .filter(config -> keysOf(config).contains(option.key()))
        .map(ObjectiveConfig::name)
        .toList();
  }

  static Object byDefault(Option option) {
    return value(DEFAULTS.get(takers(option).getFirst()), component(option));
  }

  /** The value of an option, which is its default where the objective does not take it. */
  static Object value(ObjectiveConfig config, Option option) {
    return takers(option).contains(config.name())
        ? value(config, component(config, option))
        : byDefault(option);
  }

  /** The component of the first objective that has the option; all have it with one type. */
  static RecordComponent component(Option option) {
    return component(DEFAULTS.get(takers(option).getFirst()), option);
  }

  private static RecordComponent component(ObjectiveConfig config, Option option) {
    return Arrays.stream(config.getClass().getRecordComponents())
        .filter(component -> Text.key(component.getName()).equals(option.key()))
        .findFirst()
        .orElseThrow();
  }

  private static Object value(ObjectiveConfig config, RecordComponent component) {
    try {
      return component.getAccessor().invoke(config);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

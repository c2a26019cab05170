package dev.drpo.objectives;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Configurations by the text of their options, as tables of tests have it. */
final class Configs {
  static final List<String> NAMES =
      ObjectiveConfig.defaults().stream().map(ObjectiveConfig::name).toList();

  private Configs() {}

  /** The defaults of an objective. */
  static ObjectiveConfig of(String name) {
    return ObjectiveConfig.defaults().stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * An objective with some options that differ from its defaults.
   *
   * @param options such as {@code l1-alpha=0.01,l1-target=0.5}; may be empty
   */
  static ObjectiveConfig of(String name, String options) {
    Map<String, String> changes = new HashMap<>();
    for (String option : options.isEmpty() ? new String[0] : options.split(",", -1)) {
      String[] pair = option.split("=", 2);
      changes.put(pair[0], pair[1]);
    }
    ObjectiveConfig byDefault = of(name);
    RecordComponent[] components = byDefault.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < values.length; i++) {
        String change = changes.remove(key(components[i]));
        values[i] =
            change == null
                ? components[i].getAccessor().invoke(byDefault)
                : value(components[i].getType(), change);
      }
      if (!changes.isEmpty()) {
        throw new IllegalArgumentException(name + " does not take " + changes.keySet());
      }
      Constructor<?> canonical =
          byDefault
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return (ObjectiveConfig) canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      throw (IllegalArgumentException) e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Object value(Class<?> type, String text) {
    if (type == double.class) {
      return Double.valueOf(text);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(text);
    }
    return Arrays.stream(type.getEnumConstants())
        .filter(it -> it.toString().equalsIgnoreCase(text.replace('-', '_')))
        .findFirst()
        .orElseThrow();
  }
}

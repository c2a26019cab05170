package dev.drpo.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.runtime.process.ParentWatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads a {@link RunConfig}. A key holds a single value or a table of them ({@code {answer: 1.0}};
 * in a variable or an override {@code answer:1.0,format:0.1}). Later layers win: the defaults of
 * {@link ConfigKeys}, a preset, the user's YAML file, environment variables ({@code
 * DRPO_OBJECTIVE_LAMBDA} sets {@code objective.lambda}), explicit overrides. An unknown key is
 * refused wherever it comes from.
 */
public final class ConfigLoader {
  /** Environment variable that names the YAML file. */
  public static final String FILE_VARIABLE = "DRPO_CONFIG";

  /** Environment variable that names the preset, as the YAML's {@code preset} key does. */
  public static final String PRESET_VARIABLE = "DRPO_PRESET";

  public static final List<String> PRESETS = List.of("quickstart", "drpo-1.5b-8k", "drpo-7b-8k");

  private static final String PRESET = "preset";
  private static final String ENVIRONMENT_PREFIX = "DRPO_";
  private static final LevenshteinDistance EDIT_DISTANCE = LevenshteinDistance.getDefaultInstance();

  /** Variables of the launcher and of the process, which are not keys of a run. */
  private static final List<String> OTHER_VARIABLES =
      List.of(
          FILE_VARIABLE,
          PRESET_VARIABLE,
          ParentWatch.PARENT_VARIABLE,
          "DRPO_REPLICA",
          "DRPO_VERSION",
          "DRPO_JAVA_HOME",
          "DRPO_BUILD");

  private ConfigLoader() {}

  /** Loads the configuration of this process from its environment, as services do. */
  public static RunConfig fromEnvironment() {
    Map<String, String> environment = System.getenv();
    String file = environment.get(FILE_VARIABLE);
    return load(file == null ? null : Path.of(file), environment, Map.of());
  }

  /**
   * Loads a configuration.
   *
   * @param file the user's YAML, or null for none
   * @param environment variables; those that start with {@code DRPO_} set keys
   * @param overrides dotted keys and their values; they win over everything
   * @throws ConfigException if a key is unknown or a value can't be honoured
   */
  public static RunConfig load(
      Path file, Map<String, String> environment, Map<String, String> overrides) {
    ObjectNode tree = defaults();
    Map<String, String> keys = leaves(tree);
    ObjectNode user = file == null ? ConfigYaml.empty() : ConfigYaml.read(file);
    String preset = preset(user, environment);
    ObjectNode ofPreset = preset == null ? ConfigYaml.empty() : ConfigYaml.resource(preset);
    merge(tree, ofPreset, "", "preset " + preset, keys);
    merge(tree, user, "", String.valueOf(file), keys);
    fromVariables(environment, keys).forEach((key, value) -> set(tree, key, value));
    overrides.forEach(
        (key, value) -> {
          if (!keys.containsKey(key)) {
            throw unknown(key, "the command line", keys);
          }
          set(tree, key, value);
        });
    leaveOutForeignOptions(tree, ofPreset);
    return ConfigYaml.config(tree);
  }

  /**
   * What the user says about a run, without defaults and without what the preset says.
   *
   * @throws ConfigException if a key is unknown or the file can't be read
   */
  public static GivenKeys given(
      Path file, Map<String, String> environment, Map<String, String> overrides) {
    ObjectNode defaults = defaults();
    Map<String, String> known = leaves(defaults);
    ObjectNode user = file == null ? ConfigYaml.empty() : ConfigYaml.read(file);
    Optional<String> preset = Optional.ofNullable(preset(user, environment));
    // What is merged is thrown away: only whether all keys exist is of interest.
    merge(defaults, user, "", String.valueOf(file), known);
    Set<String> keys = new TreeSet<>(leaves(user).keySet());
    keys.addAll(fromVariables(environment, known).keySet());
    keys.addAll(overrides.keySet());
    return new GivenKeys(preset, keys);
  }

  /** Renders a configuration as YAML that {@link #load} accepts. */
  public static String toYaml(RunConfig config) {
    return ConfigYaml.write(config);
  }

  /**
   * Renders some keys of a configuration as YAML that gives it again together with a preset.
   *
   * @param preset to name, which has the other keys' values
   * @param keys dotted; those that the configuration does not have are left out
   */
  public static String toYaml(RunConfig config, Optional<String> preset, Set<String> keys) {
    ObjectNode tree = ConfigYaml.tree(config);
    ObjectNode some = ConfigYaml.empty();
    preset.ifPresent(name -> some.put(PRESET, name));
    for (String key : leaves(tree).keySet()) {
      if (keys.contains(key)) {
        int dot = key.indexOf('.');
        some.withObject("/" + key.substring(0, dot))
            .set(key.substring(dot + 1), tree.at("/" + key.replace('.', '/')));
      }
    }
    return ConfigYaml.write(some);
  }

  /**
   * The dotted keys of a configuration and their values, a table's on one line, as {@link #load}
   * takes them for overrides.
   */
  public static SortedMap<String, String> toKeys(RunConfig config) {
    ObjectNode tree = ConfigYaml.tree(config);
    SortedMap<String, String> values = new TreeMap<>();
    for (String key : leaves(tree).keySet()) {
      JsonNode value = tree.at("/" + key.replace('.', '/'));
      values.put(key, value instanceof ObjectNode table ? line(table) : value.asText());
    }
    return values;
  }

  private static String line(ObjectNode table) {
    return table.properties().stream()
        .map(entry -> entry.getKey() + ":" + entry.getValue().asText())
        .collect(Collectors.joining(","));
  }

  private static String preset(ObjectNode user, Map<String, String> environment) {
    JsonNode named = user.remove(PRESET);
    String preset = named == null ? environment.get(PRESET_VARIABLE) : named.asText();
    if (preset != null && !PRESETS.contains(preset)) {
      throw new ConfigException("preset is " + preset + "; it must be one of " + PRESETS);
    }
    return preset;
  }

  /**
   * A preset is made for one objective. What it says to options that the chosen one does not take
   * is left out, so that any objective runs on any preset; what the user says to them is refused.
   */
  private static void leaveOutForeignOptions(ObjectNode tree, ObjectNode preset) {
    ObjectNode chosen = (ObjectNode) tree.get(ObjectiveKeys.SECTION);
    ObjectiveConfig objective = ObjectiveKeys.DEFAULTS.get(chosen.get(ObjectiveKeys.NAME).asText());
    if (objective == null) {
      return;
    }
    JsonNode defaults = defaults().get(ObjectiveKeys.SECTION);
    Set<String> taken = new TreeSet<>(ObjectiveKeys.keysOf(objective));
    taken.add(ObjectiveKeys.NAME);
    preset
        .path(ObjectiveKeys.SECTION)
        .properties()
        .forEach(
            option -> {
              String key = option.getKey();
              if (!taken.contains(key) && option.getValue().equals(chosen.get(key))) {
                chosen.set(key, defaults.get(key));
              }
            });
  }

  /** Every key with its default. */
  private static ObjectNode defaults() {
    ObjectNode tree = ConfigYaml.empty();
    for (ConfigKey key : ConfigKeys.all()) {
      int dot = key.name().indexOf('.');
      tree.withObject("/" + key.name().substring(0, dot))
          .set(
              key.name().substring(dot + 1),
              key.isTable() ? table(key.name(), key.byDefault()) : new TextNode(key.byDefault()));
    }
    return tree;
  }

  private static void merge(
      ObjectNode into, ObjectNode from, String prefix, String source, Map<String, String> keys) {
    from.properties()
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              JsonNode known = into.get(entry.getKey());
              if (known == null) {
                throw unknown(key, source, keys);
              }
              if (known instanceof ObjectNode && !prefix.isEmpty()) {
                into.set(entry.getKey(), table(key, entry.getValue(), source));
              } else if (known instanceof ObjectNode section) {
                if (!(entry.getValue() instanceof ObjectNode value)) {
                  throw new ConfigException(
                      key + " in " + source + " is a section; give keys below it");
                }
                merge(section, value, key + ".", source, keys);
              } else if (!isSingle(entry.getValue())) {
                throw new ConfigException(
                    key + " in " + source + " must be a single value, such as " + known.asText());
              } else {
                into.set(entry.getKey(), entry.getValue());
              }
            });
  }

  /** A table of names and single values. It replaces the one before it as a whole. */
  private static ObjectNode table(String key, JsonNode value, String source) {
    if (value instanceof ObjectNode table
        && table.properties().stream().allMatch(entry -> isSingle(entry.getValue()))) {
      return table;
    }
    throw new ConfigException(
        key + " in " + source + " must be a table of names and values, such as {name: 1}");
  }

  private static boolean isSingle(JsonNode value) {
    return !value.isContainerNode() && !value.isNull();
  }

  /** Dotted keys of every leaf, by the name of its environment variable's tail. */
  private static Map<String, String> leaves(ObjectNode tree) {
    Map<String, String> keys = new TreeMap<>();
    tree.properties()
        .forEach(
            section ->
                section
                    .getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name -> {
                          String key = section.getKey() + "." + name;
                          keys.put(key, variable(key));
                        }));
    return keys;
  }

  private static String variable(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Map<String, String> fromVariables(
      Map<String, String> environment, Map<String, String> keys) {
    Map<String, String> byVariable =
        keys.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    Map<String, String> found = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (!name.startsWith(ENVIRONMENT_PREFIX) || OTHER_VARIABLES.contains(name)) {
            return;
          }
          String key = byVariable.get(name);
          if (key == null) {
            throw new ConfigException(
                "the environment variable "
                    + name
                    + " sets no key of a run; did you mean "
                    + nearest(name, byVariable.keySet())
                    + "?");
          }
          found.put(key, value);
        });
    return found;
  }

  private static void set(ObjectNode tree, String key, String value) {
    int dot = key.indexOf('.');
    ObjectNode section = (ObjectNode) tree.get(key.substring(0, dot));
    String name = key.substring(dot + 1);
    section.set(
        name, section.get(name) instanceof ObjectNode ? table(key, value) : new TextNode(value));
  }

  /** Reads a table from one line: {@code name:value,name:value}; empty for an empty table. */
  private static ObjectNode table(String key, String line) {
    ObjectNode table = ConfigYaml.empty();
    for (String entry : line.isBlank() ? new String[0] : line.split(",", -1)) {
      String[] nameAndValue = entry.split(":", 2);
      String name = nameAndValue[0].strip();
      if (nameAndValue.length < 2 || name.isEmpty() || table.has(name)) {
        throw new ConfigException(
            key + " is '" + line + "'; it must be name:value,name:value with different names");
      }
      table.put(name, nameAndValue[1].strip());
    }
    return table;
  }

  private static ConfigException unknown(String key, String source, Map<String, String> keys) {
    return new ConfigException(
        "unknown key "
            + key
            + " in "
            + source
            + "; did you mean "
            + nearest(key, keys.keySet())
            + "?");
  }

  private static String nearest(String name, Iterable<String> candidates) {
    List<String> all = new ArrayList<>();
    candidates.forEach(all::add);
    return all.stream()
        .min(Comparator.comparingInt(c -> EDIT_DISTANCE.apply(name, c)))
        .orElseThrow();
  }
}

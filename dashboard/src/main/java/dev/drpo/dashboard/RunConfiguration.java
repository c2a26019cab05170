package dev.drpo.dashboard;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigKey;
import dev.drpo.runtime.config.ConfigKeys;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run's configuration beside the preset that it is nearest to, and beside the defaults.
 *
 * @param preset the one from which the fewest keys differ
 * @param keys all of them, in the order of the document
 */
record RunConfiguration(String preset, List<Entry> keys) {
  /** What every run has of its own. */
  private static final Set<String> PLACES =
      Set.of(
          "run.id",
          "run.directory",
          "kafka.bootstrap-servers",
          "data.train",
          "data.heldout",
          "policy.path",
          "learner.address");

  /** Their keys; reading them takes longer than everything else here. */
  private static final Map<String, Map<String, String>> PRESETS =
      ConfigLoader.PRESETS.stream()
          .collect(
              Collectors.toMap(
                  preset -> preset,
                  preset ->
                      ConfigLoader.toKeys(
                          ConfigLoader.load(
                              null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), Map.of()))));

  /** Who logs in at an address is nobody's business. */
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]+@");

  /**
   * One key.
   *
   * @param value of the run
   * @param ofPreset what the preset has
   * @param differs whether the two do, and the key is none that every run has of its own
   */
  record Entry(String key, String value, String ofPreset, boolean differs, String meaning) {}

  /** That of a run's {@code run.yaml}; empty where there is none, or none that can be read. */
  static Optional<RunConfiguration> in(Path folder) {
    Path file = folder.resolve("run.yaml");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(ConfigLoader.load(file, Map.of(), Map.of())));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /** That of a run. */
  static RunConfiguration of(RunConfig config) {
    Map<String, String> values = ConfigLoader.toKeys(config);
    RunConfiguration nearest = null;
    for (String preset : ConfigLoader.PRESETS) {
      RunConfiguration one = beside(preset, values);
      if (nearest == null || one.differing() < nearest.differing()) {
        nearest = one;
      }
    }
    return nearest;
  }

  private static RunConfiguration beside(String preset, Map<String, String> values) {
    Map<String, String> others = PRESETS.get(preset);
    List<Entry> entries = new ArrayList<>();
    for (ConfigKey key : ConfigKeys.all()) {
      String value = values.get(key.name());
      String other = others.get(key.name());
      entries.add(
          new Entry(
              key.name(),
              shown(value),
              shown(other),
              !value.equals(other) && !PLACES.contains(key.name()),
              key.meaning()));
    }
    return new RunConfiguration(preset, List.copyOf(entries));
  }

  private static String shown(String value) {
    return USER_INFO.matcher(value).replaceAll("//…@");
  }

  /** How many keys differ from the preset. */
  long differing() {
    return keys.stream().filter(Entry::differs).count();
  }

  /** The value of a key. */
  String value(String key) {
    return keys.stream()
        .filter(entry -> entry.key().equals(key))
        .map(Entry::value)
        .findFirst()
        .orElseThrow();
  }
}

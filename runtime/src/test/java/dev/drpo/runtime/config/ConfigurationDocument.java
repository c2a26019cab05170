package dev.drpo.runtime.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** docs/configuration.md, made from what {@link ConfigKeys} says of every key. */
final class ConfigurationDocument {
  private ConfigurationDocument() {}

  static String text() {
    StringBuilder text = new StringBuilder(head());
    Map<String, String> defaults = ConfigLoader.toKeys(ConfigLoader.load(null, Map.of(), Map.of()));
    for (RecordComponent section : RunConfig.class.getRecordComponents()) {
      text.append("\n## ").append(section.getName()).append("\n\n");
      text.append(section.getAnnotation(Section.class).value()).append("\n\n");
      text.append("| key | type | default | bounds | meaning | on resume |\n");
      text.append("|---|---|---|---|---|---|\n");
      for (ConfigKey key : ConfigKeys.all()) {
        if (key.name().startsWith(section.getName() + ".")) {
          text.append(row(key, defaults.get(key.name()))).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String head() {
    return """
        # Configuration

        <!-- Made from the records in runtime/src/main/java/dev/drpo/runtime/config by ConfigurationDocumentTest, which fails
        with the command that makes it anew. -->

        A run is one YAML file, whose sections hold keys and values. A file names what differs from the defaults, which are
        the paper's values (arXiv 2510.04474) where it has any, but for what lets sampling go on while the learner learns
        (`training.max-lag`, `training.importance-cap`), and for evaluations (`evaluation.samples`):

        ```yaml
        preset: drpo-1.5b-8k
        run: {id: mine}
        objective: {lambda: 0.2}
        reward:
          functions: {answer: 1.0, format: 0.0}
        ```

        `preset` (or the environment variable `DRPO_PRESET`) names the values to start from: %s.
        Later layers win: the defaults, the preset, the file, environment variables (`DRPO_OBJECTIVE_LAMBDA=0.2` sets
        `objective.lambda`; a table is `name:value,name:value`), and `key=value` on the command line. Unknown
        keys, values outside of their bounds and values that contradict each other are refused before anything starts.

        A service that is started by hand reads the file that `DRPO_CONFIG` names, and calls itself `DRPO_REPLICA` (else its
        host's name) in records and logs. `./drpo` takes the JDK of `DRPO_JAVA_HOME`, and builds for what `DRPO_BUILD` says: `cpu`
        or `cuda`.

        **On resume** says whether a key may change when a run goes on from its checkpoint: yes; yes, but the last bits
        differ, since numbers are added up in another order; or only with `run.resume-changed: true`, since the run would go
        elsewhere. [learning.md](learning.md#stopping-and-resuming) has the rest.
        """
        .formatted("`" + String.join("`, `", ConfigLoader.PRESETS) + "`");
  }

  private static String row(ConfigKey key, String byDefault) {
    List<String> cells = new ArrayList<>();
    cells.add("`" + key.name() + "`");
    cells.add(type(key));
    cells.add(byDefault.isEmpty() ? "empty" : "`" + byDefault + "`");
    cells.add(key.bounds().replace("[", "\\[").replace("|", "\\|"));
    cells.add(key.meaning().replace("|", "\\|"));
    cells.add(key.onResume().text());
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String type(ConfigKey key) {
    Class<?> type = key.type();
    if (type.isEnum() || key.name().equals(ObjectiveKeys.SECTION + "." + ObjectiveKeys.NAME)) {
      return "choice";
    }
    if (key.isTable()) {
      return "table";
    }
    if (type == int.class || type == long.class) {
      return "whole number";
    }
    if (type == double.class) {
      return "number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    return type == Path.class ? "path" : "text";
  }
}

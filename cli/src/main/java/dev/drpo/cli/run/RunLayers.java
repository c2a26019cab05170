package dev.drpo.cli.run;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.GivenKeys;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * What a user says about a run, layer by layer. Paths that the user gives are relative to where the
 * user is; those of presets lie in the repository.
 *
 * @param root the repository
 * @param current the directory that the user's paths are relative to
 * @param file the user's YAML, if any
 * @param environment variables, of which {@code DRPO_*} set keys and name the preset
 * @param overrides dotted keys of the command line, which win over everything
 */
public record RunLayers(
    Path root,
    Path current,
    Optional<Path> file,
    Map<String, String> environment,
    Map<String, String> overrides) {

  /** Files that a run names where it needs any, relative to where the user is. */
  private static final Set<String> SECRETS =
      Set.of(
          "kafka.client-properties", "tls.certificate", "tls.key", "tls.trusted", "callers.tokens");

  public RunLayers {
    file = file.map(current::resolve);
  }

  /**
   * The configuration as it was asked for.
   *
   * @throws ConfigException if it can't be honoured
   */
  public RunConfig asked() {
    return load(overrides);
  }

  /** What is set by the user and not by a preset or default. */
  public GivenKeys given() {
    return ConfigLoader.given(file.orElse(null), environment, overrides);
  }

  /** The configuration of a run in a folder, with absolute paths. */
  public RunConfig in(RunFolder folder) {
    RunConfig asked = asked();
    GivenKeys given = given();
    Map<String, String> absolute = new HashMap<>(overrides);
    absolute.put("run.directory", folder.toString());
    Map.of(
            "data.train", asked.data().train(),
            "data.heldout", asked.data().heldout(),
            "policy.path", asked.policy().path())
        .forEach(
            (key, path) ->
                absolute.put(
                    key, (given.has(key) ? current : root).resolve(path).normalize().toString()));
    SortedMap<String, String> values = ConfigLoader.toKeys(asked);
    SECRETS.stream()
        .filter(key -> !values.get(key).isEmpty())
        .forEach(key -> absolute.put(key, current.resolve(values.get(key)).normalize().toString()));
    return load(absolute);
  }

  /**
   * Refuses an address that the command chooses itself.
   *
   * @param key whose value the user may not give
   * @param reason what the command does in its place
   * @throws ConfigException if the user gives it
   */
  public void refuse(String key, String reason) {
    if (given().has(key)) {
      throw new ConfigException(
          "%s is %s; %s, so leave the key out"
              .formatted(key, ConfigLoader.toKeys(asked()).get(key), reason));
    }
  }

  private RunConfig load(Map<String, String> values) {
    return ConfigLoader.load(file.orElse(null), environment, values);
  }
}

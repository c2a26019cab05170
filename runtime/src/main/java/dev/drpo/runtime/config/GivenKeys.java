package dev.drpo.runtime.config;

import java.util.Optional;
import java.util.Set;

/**
 * What a user says about a run, apart from defaults and presets.
 *
 * @param preset that the file or the environment names, if any
 * @param keys dotted keys that the file, the environment or overrides set
 */
public record GivenKeys(Optional<String> preset, Set<String> keys) {
  public GivenKeys {
    keys = Set.copyOf(keys);
  }

  /** Whether a key is set, be it to its default. */
  public boolean has(String key) {
    return keys.contains(key);
  }
}

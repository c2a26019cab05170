package dev.drpo.runtime.config;

/**
 * A run configuration that can't be honoured. The message names the key, the value and what is
 * allowed.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  static void require(boolean holds, String key, Object value, String expectation) {
    if (!holds) {
      throw new ConfigException(key + " is " + Text.of(value) + "; " + expectation);
    }
  }
}

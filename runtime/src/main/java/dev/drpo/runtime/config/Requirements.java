package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;

import java.util.List;

/** What several keys of the configuration are required to be. */
final class Requirements {
  static final String DEVICE = "cpu|cuda(:\\d{1,3})?";

  private Requirements() {}

  static void requireDevice(String key, String value) {
    require(value.matches(DEVICE), key, value, "it must be cpu, cuda or cuda:N");
  }

  static void requireOneOf(String key, String value, List<String> allowed) {
    require(allowed.contains(value), key, value, "it must be one of " + allowed);
  }

  static void requirePositive(String key, double value) {
    require(value > 0 && Double.isFinite(value), key, value, "it must be above 0 and finite");
  }

  static void requirePositive(String key, int value) {
    require(value > 0, key, value, "it must be 1 or more");
  }

  static void requireTemperature(String key, double value) {
    require(
        value >= 0 && Double.isFinite(value), key, value, "it must be 0 (greedy) or more, finite");
  }

  static void requireTopP(String key, double value) {
    require(value > 0 && value <= 1, key, value, "it must lie in (0, 1]");
  }
}

package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.ConfigKeys.requireBounds;

import java.util.List;
import java.util.Set;

/** The names of devices in a configuration. */
final class Device {
  private static final String CPU = "cpu";

  private static final String NAME = CPU + "|cuda(:\\d{1,3})?";

  private Device() {}

  static boolean isOne(String name) {
    return name.matches(NAME);
  }

  /**
   * Refuses a list with commas that can't be honoured.
   *
   * @throws ConfigException if it holds anything but devices of one kind, or a GPU twice
   */
  static void requireList(String key, String list) {
    List<String> names = names(list);
    requireBounds(names.stream().allMatch(Device::isOne), key, list);
    List<Integer> gpus = gpus(names);
    require(
        gpus.isEmpty() || gpus.size() == names.size(),
        key,
        list,
        "GPUs would wait for the CPU in every step; name one kind");
    require(
        Set.copyOf(gpus).size() == gpus.size(),
        key,
        list,
        "it must name a GPU once: two copies of a policy on it gain nothing");
  }

  /** The names in a list with commas. */
  static List<String> names(String list) {
    return List.of(list.split(",", -1));
  }

  static boolean areCpus(List<String> names) {
    return names.stream().allMatch(Device::isCpu);
  }

  static boolean isCpu(String name) {
    return name.equals(CPU);
  }

  /** The numbers of the GPUs among some devices; {@code cuda} is the first. */
  static List<Integer> gpus(List<String> names) {
    return names.stream()
        .filter(name -> !isCpu(name))
        .map(name -> name.contains(":") ? Integer.parseInt(name.substring(5)) : 0)
        .toList();
  }
}

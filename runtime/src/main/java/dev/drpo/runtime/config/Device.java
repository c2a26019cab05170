package dev.drpo.runtime.config;

import java.util.List;

/** The names of devices in a configuration. */
final class Device {
  private static final String CPU = "cpu";

  private static final String NAME = CPU + "|cuda(:\\d{1,3})?";

  private Device() {}

  static boolean isOne(String name) {
    return name.matches(NAME);
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

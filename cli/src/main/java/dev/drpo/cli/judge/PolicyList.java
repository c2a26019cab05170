package dev.drpo.cli.judge;

import dev.drpo.reward.judge.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All policies with their options, for a person. */
final class PolicyList {
  private PolicyList() {}

  static List<String> lines() {
    int width =
        Arrays.stream(Policy.Option.values())
            .mapToInt(option -> choice(option).length())
            .max()
            .orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add("Policies (the first option of each is the default):");
    for (Policy policy : Policy.values()) {
      lines.add("");
      for (Policy.Option option : policy.options()) {
        lines.add(("  %-" + width + "s  %s").formatted(choice(option), option.meaning()));
      }
    }
    return lines;
  }

  private static String choice(Policy.Option option) {
    return option.policy().id() + "=" + option.id();
  }
}

package dev.drpo.cli.judge;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All conventions with their options, for a person. */
final class ConventionList {
  private ConventionList() {}

  static List<String> lines() {
    int width =
        Arrays.stream(Convention.Option.values())
            .mapToInt(option -> choice(option).length())
            .max()
            .orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add("Conventions (the first option of each is the default):");
    for (Convention convention : Convention.values()) {
      lines.add("");
      for (Convention.Option option : convention.options()) {
        lines.add(("  %-" + width + "s  %s").formatted(choice(option), option.meaning()));
      }
    }
    lines.add("");
    lines.add("Profiles, each several of them, to which single ones may be added:");
    lines.add("");
    for (Profile profile : Profile.values()) {
      lines.add(
          ("  %-" + width + "s  %s")
              .formatted(Profile.KEY + "=" + profile.id(), profile.meaning()));
    }
    return lines;
  }

  private static String choice(Convention.Option option) {
    return option.convention().id() + "=" + option.id();
  }
}

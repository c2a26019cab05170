package dev.drpo.cli.rehearse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory that a service planned for its tensors, as it wrote into its log when it started. */
final class PlannedMemory {
  private static final Pattern PLAN = Pattern.compile("([0-9.]+) (MB|GB) in all: ");

  private PlannedMemory() {}

  /** The bytes of the last plan in a log; empty if there is none. */
  static OptionalLong in(Path log) throws IOException {
    return in(Files.readAllLines(log));
  }

  static OptionalLong in(List<String> lines) {
    OptionalLong found = OptionalLong.empty();
    for (String line : lines) {
      Matcher matcher = PLAN.matcher(line);
      if (matcher.find()) {
        double unit = matcher.group(2).equals("GB") ? 1e9 : 1e6;
        found = OptionalLong.of(Math.round(Double.parseDouble(matcher.group(1)) * unit));
      }
    }
    return found;
  }
}

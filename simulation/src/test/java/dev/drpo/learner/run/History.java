package dev.drpo.learner.run;

import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.policy.checkpoint.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a policy was made of, line by line in the order in which it was learned. A checkpoint holds
 * it beside the policy, so that it tells of this policy's making, and of nothing that was undone.
 */
public final class History {
  private final List<String> lines = new ArrayList<>();

  /** One group that was learned from. */
  public record Trained(long step, String prompt, List<String> versions) {}

  /** Reads what {@link #bytes} gives. */
  static History of(byte[] bytes) {
    History history = new History();
    new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(history.lines::add);
    return history;
  }

  /** Takes note of a group. */
  void add(long step, TrainingGroup group) {
    String versions =
        group.samples().stream()
            .map(sample -> text(sample.sampledBy()))
            .distinct()
            .collect(Collectors.joining(","));
    lines.add(step + " " + group.prompt() + " " + versions);
  }

  /** A version as histories name it. */
  public static String text(PolicyVersion version) {
    return version.step() + ":" + version.digest().hex();
  }

  /** The whole as text, in bytes whose number four divides. */
  byte[] bytes() {
    String text = String.join("\n", lines) + "\n";
    return (text + " ".repeat(Math.floorMod(-text.length(), 4))).getBytes(StandardCharsets.UTF_8);
  }

  /** Everything that was learned from, in order. */
  public List<Trained> trained() {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .map(
            parts ->
                new Trained(Long.parseLong(parts[0]), parts[1], List.of(parts[2].split(",", -1))))
        .toList();
  }
}

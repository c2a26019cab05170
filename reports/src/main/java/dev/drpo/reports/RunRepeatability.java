package dev.drpo.reports;

import java.util.List;

/**
 * What a run's trained policy is a function of, as SHA-256 digests. {@link
 * Glossary.Section#REPEATABILITY} defines every component.
 *
 * @param startingPolicyDigest of the starting policy's tensors, in the type that replicas get
 * @param dataDigest of the training file
 * @param configurationDigest of the settings that shape the trained policy
 * @param obstacles why another run with the same three may end with another policy; empty if it
 *     does not, on processors of one kind
 */
public record RunRepeatability(
    String startingPolicyDigest,
    String dataDigest,
    String configurationDigest,
    List<String> obstacles) {
  /** Of reports that were written before there was any. */
  static final RunRepeatability UNKNOWN =
      new RunRepeatability("", "", "", List.of("the report does not tell"));

  public RunRepeatability {
    obstacles = List.copyOf(obstacles);
  }

  /** What the three digests promise, for a person. */
  String promise() {
    return obstacles.isEmpty()
        ? "a run with these three digests ends with this policy, to the bit"
        : "a run with these three digests may end with another policy, since "
            + String.join("; ", obstacles);
  }
}

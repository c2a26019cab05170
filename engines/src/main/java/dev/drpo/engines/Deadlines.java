package dev.drpo.engines;

import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connect to take a connection
 * @param administration to answer a call that changes or tells its state
 * @param load to read a folder of weights
 * @param generation to answer with a whole response, which is told in one
 * @param poll from one look at its health to the next
 * @param pause from an attempt that failed to the next
 * @param patience without a working server, after which this replica gives up: its tasks go to
 *     others
 */
public record Deadlines(
    Duration connect,
    Duration administration,
    Duration load,
    Duration generation,
    Duration poll,
    Duration pause,
    Duration patience) {
  /** For servers that hold large policies. */
  public static final Deadlines USUAL =
      new Deadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(300),
          Duration.ofSeconds(720),
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10));
}

package dev.drpo.cli.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A service that a {@link Supervisor} starts.
 *
 * @param name what people and logs call it
 * @param log file that its output is appended to
 * @param launch the command for given free ports; a service ignores those that it has no use for
 * @param readiness tells when it serves
 * @param onDeath what to do when it dies after it was ready
 */
public record ServiceSpec(
    String name, Path log, Function<Ports, Launch> launch, Readiness readiness, OnDeath onDeath) {

  public ServiceSpec {
    Objects.requireNonNull(name);
    Objects.requireNonNull(log);
    Objects.requireNonNull(launch);
    Objects.requireNonNull(readiness);
    Objects.requireNonNull(onDeath);
  }

  /**
   * What the operating system is asked for.
   *
   * @param environment the whole environment of the process; nothing else is inherited
   */
  public record Launch(List<String> command, Map<String, String> environment) {
    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /** What the death of a service that had been ready means. */
  public enum OnDeath {
    /** The run can't go on without it. */
    FAIL,
    /** Its work is redelivered, so another process takes its place. */
    RESTART
  }
}

package dev.drpo.cli.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param config the user's YAML, if any
 * @param preset that the run starts from, if named here
 * @param out the run folder, if named
 * @param broker host:port of the broker to use, if named
 * @param overrides dotted keys, which win over everything
 * @param rollouts number of rollout replicas
 */
record TrainOptions(
    Optional<Path> config,
    Optional<String> preset,
    Optional<Path> out,
    Optional<String> broker,
    Map<String, String> overrides,
    int rollouts) {
  TrainOptions {
    overrides = Map.copyOf(overrides);
  }
}

package dev.drpo.cli.quickstart;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param out the run folder, if named
 * @param config the user's YAML, if any
 * @param overrides configuration keys set by options, which win over everything
 * @param rollouts number of rollout replicas
 * @param resume whether to go on with the run in {@code out}
 */
public record QuickstartOptions(
    Optional<Path> out,
    Optional<Path> config,
    Map<String, String> overrides,
    int rollouts,
    boolean resume) {}

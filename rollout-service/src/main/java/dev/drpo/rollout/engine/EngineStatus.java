package dev.drpo.rollout.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * Where an engine stands.
 *
 * @param version weights of the next token
 * @param liveRows responses being decoded
 * @param waitingGroups groups that have not started
 * @param tokens tokens drawn since the start
 * @param groups groups completed since the start
 * @param idle whether nothing can be decoded
 * @param sinceProgress time since the last step ended
 * @param failure why the engine died, if it did
 */
public record EngineStatus(
    PolicyVersion version,
    int liveRows,
    int waitingGroups,
    long tokens,
    long groups,
    boolean idle,
    Duration sinceProgress,
    Optional<String> failure) {}

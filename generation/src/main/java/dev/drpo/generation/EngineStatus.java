package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where an engine stands.
 *
 * @param version weights that every later token is drawn with, or with newer ones
 * @param liveRows responses being decoded
 * @param waitingRows those of them that wait for pages of the KV cache
 * @param positions of the KV cache that responses have taken, in whole pages
 * @param mostPositions the most of them since the start, of each thread at its own time
 * @param waitingGroups groups that have not started
 * @param tokens tokens drawn since the start
 * @param groups groups completed since the start
 * @param slotUse share of the slots that were in use, over the decode steps since the start
 * @param idle whether nothing can be decoded
 * @param sinceProgress time since the last step ended, of the thread for which it is longest
 * @param unusable answers of an engine in another process that could not be used, by what was wrong
 *     with them; what they were to tell was sampled again
 * @param obstacle why nothing is sampled just now though the engine is not dead, such as a server
 *     that does not answer
 * @param failure why the engine died, if it did
 */
public record EngineStatus(
    PolicyVersion version,
    int liveRows,
    int waitingRows,
    long positions,
    long mostPositions,
    int waitingGroups,
    long tokens,
    long groups,
    double slotUse,
    boolean idle,
    Duration sinceProgress,
    Map<String, Long> unusable,
    Optional<String> obstacle,
    Optional<String> failure) {}

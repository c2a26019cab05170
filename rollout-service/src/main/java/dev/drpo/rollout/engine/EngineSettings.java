package dev.drpo.rollout.engine;

import dev.drpo.policy.ModelConfig;
import java.nio.file.Path;
import java.util.Set;

/**
 * What an engine is started with.
 *
 * @param model the architecture
 * @param weights safetensors of the starting policy; read during the start only
 * @param version what {@code weights} holds
 * @param endOfSequence tokens that end a response
 * @param limits slots and sequence length, which size the cache
 * @param threads threads that one tensor operation may use
 * @param weightUpdates when new weights replace the old ones
 */
public record EngineSettings(
    ModelConfig model,
    Path weights,
    PolicyVersion version,
    Set<Integer> endOfSequence,
    EngineLimits limits,
    int threads,
    WeightUpdatePolicy weightUpdates) {}

package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.nio.file.Path;

/**
 * What samples groups of responses with a policy, and takes newer weights for it: the embedded
 * {@link GenerationEngine}, or a server of its own behind the same methods. Safe for use by many
 * threads.
 */
public interface SamplingEngine extends AutoCloseable {
  /**
   * Queues a group. The future fails with an {@link EngineStoppedException} if the engine stops
   * first, and with whatever the listener throws.
   *
   * @throws RefusedRequestException if the request can never be served
   */
  GroupSampling submit(GroupRequest request, ResponseListener listener);

  /**
   * Hands over new weights, which replace those in use when it is their turn.
   *
   * @param file safetensors that match {@code version}'s digest; kept by the caller until the
   *     weights are loaded or their outcome is known
   */
  WeightUpdate offer(PolicyVersion version, Path file);

  /** Where the engine stands. */
  EngineStatus status();

  /** What fits. */
  EngineLimits limits();

  /** Stops, and fails every group that is not complete. */
  @Override
  void close();
}

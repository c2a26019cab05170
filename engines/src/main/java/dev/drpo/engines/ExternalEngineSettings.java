package dev.drpo.engines;

import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.WeightUpdatePolicy;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import java.nio.file.Path;
import java.util.Set;

/**
 * What sampling by a server is started with.
 *
 * @param server which protocol it speaks
 * @param address its host:port
 * @param policy the starting policy, whose files beside the weights go into each folder
 * @param version what its weights are
 * @param folder where a folder for each version is made; no other process may use it, but the
 *     server has to see it under the same name
 * @param type element type of the weights in the folders
 * @param endOfSequence tokens that end a response
 * @param limits slots and lengths; the server's own must not be smaller
 * @param weightUpdates when new weights replace the old ones
 * @param deadlines how long the server is waited for
 */
public record ExternalEngineSettings(
    Server server,
    String address,
    PolicyFolder policy,
    PolicyVersion version,
    Path folder,
    ElementType type,
    Set<Integer> endOfSequence,
    EngineLimits limits,
    WeightUpdatePolicy weightUpdates,
    Deadlines deadlines) {
  /** Protocols. */
  public enum Server {
    VLLM,
    SGLANG
  }

  public ExternalEngineSettings {
    endOfSequence = Set.copyOf(endOfSequence);
  }

  EngineServer open() {
    return switch (server) {
      case VLLM -> new VllmServer(address, deadlines);
      case SGLANG -> new SglangServer(address, deadlines);
    };
  }
}

package dev.drpo.generation;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import java.nio.file.Path;
import java.util.Set;

/**
 * What an engine is started with.
 *
 * @param model the architecture
 * @param weights safetensors of the starting policy; read during the start only
 * @param version what {@code weights} holds
 * @param endOfSequence tokens that end a response
 * @param limits slots, lengths and positions, which size the KV caches; each decoding thread has a
 *     share of the slots and positions
 * @param compute where and how it computes
 * @param weightUpdates when new weights replace the old ones
 */
public record EngineSettings(
    ModelConfig model,
    Path weights,
    PolicyVersion version,
    Set<Integer> endOfSequence,
    EngineLimits limits,
    Compute compute,
    WeightUpdatePolicy weightUpdates) {

  /**
   * Checks that the KV caches hold a response.
   *
   * @throws IllegalArgumentException if one of the longest size does not fit into a thread's share
   */
  public EngineSettings {
    var _ = limits.kvCache(compute.engines());
  }

  /** The KV cache of one decoding thread. */
  public KvCacheSize kvCache() {
    return limits.kvCache(compute.engines());
  }

  /**
   * Where and how an engine computes.
   *
   * @param device what holds the weights and KV caches
   * @param type element type of weights, activations and KV caches
   * @param engines threads that decode, each with slots of its own, on the same weights
   * @param threads threads that one tensor operation may use
   */
  public record Compute(Device device, ElementType type, int engines, int threads) {
    /** One thread on the CPU, in fp32. */
    public static final Compute ONE_THREAD = new Compute(Device.cpu(), ElementType.F32, 1, 1);

    /**
     * Whether a policy is sampled to the last bit, whatever else is decoded, in a virtual machine
     * that has the module for it.
     */
    public boolean batchInvariant(ModelConfig policy) {
      return device.equals(Device.cpu())
          && type == ElementType.F32
          && threads == 1
          && PolicySampler.batchInvariantOnCpu(policy);
    }

    /**
     * What names and numbers of a configuration stand for.
     *
     * @param device cpu, cuda or cuda:N
     * @param type float32 or bfloat16
     * @param engines threads that decode; 0 for one per processor on the CPU, where several engines
     *     of one thread are faster together than one of several threads, and one on a GPU
     * @param slots responses that are decoded at once, and the most engines
     * @throws IllegalArgumentException if there is no such device or type
     */
    public static Compute of(String device, String type, int engines, int threads, int slots) {
      Device found = TensorEngine.device(device);
      int processors = Runtime.getRuntime().availableProcessors();
      int suitable = found.isGpu() ? 1 : Math.max(1, processors / threads);
      return new Compute(
          found,
          ElementType.named(type),
          engines > 0 ? engines : Math.min(suitable, slots),
          threads);
    }
  }
}

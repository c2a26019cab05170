package dev.drpo.generation;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.sampler.KvCacheSize;
import java.util.Locale;

/**
 * Memory that an engine needs outside the Java heap, in bytes.
 *
 * @param device whose memory it is
 * @param weights the policy
 * @param newerWeights the same again, for updates that are loaded while the policy is in use
 * @param kvCache keys and values of all slots at their full length
 * @param sampling logits and probabilities of one step
 */
public record MemoryPlan(
    Device device, long weights, long newerWeights, long kvCache, long sampling) {
  /** Logits, probabilities and their sums at most, with the order of a truncated draw. */
  private static final int SAMPLING_BYTES_PER_LOGIT = 64;

  /**
   * The plan of an architecture and its limits; no weights are needed.
   *
   * @param updates whether the weights are ever replaced
   */
  public static MemoryPlan of(
      ModelConfig model, EngineLimits limits, EngineSettings.Compute compute, boolean updates) {
    long bytes = PolicyLayout.of(model).bytes(compute.type());
    KvCacheSize cache = EngineSettings.kvCache(limits, compute);
    long logits = (long) compute.engines() * cache.rows() * model.vocabularySize();
    return new MemoryPlan(
        compute.device(),
        bytes,
        updates ? bytes : 0,
        compute.engines() * cache.bytes(model, compute.type()),
        logits * SAMPLING_BYTES_PER_LOGIT);
  }

  /** The sum. */
  public long total() {
    return weights + newerWeights + kvCache + sampling;
  }

  /**
   * Refuses a plan that does not fit into the memory that the device has available now.
   *
   * @throws InsufficientMemoryException if it does not
   */
  public void requireFits() {
    requireFits(TensorEngine.availableBytes(device));
  }

  /** Whether the plan fits into what the device has left. */
  public boolean fits() {
    return total() <= TensorEngine.availableBytes(device);
  }

  void requireFits(long available) {
    if (total() > available) {
      throw new InsufficientMemoryException(
          "the rollout engine needs "
              + this
              + "; but only "
              + megabytes(available)
              + " are available; lower rollout.slots or sampling.max-response-tokens, or give the"
              + " process more memory");
    }
  }

  /** For people. */
  @Override
  public String toString() {
    return "%s in all: weights %s, newer weights beside them %s, KV cache %s, sampling %s"
        .formatted(
            megabytes(total()),
            megabytes(weights),
            megabytes(newerWeights),
            megabytes(kvCache),
            megabytes(sampling));
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

package dev.drpo.rollout.engine;

import dev.drpo.policy.ModelConfig;
import dev.drpo.policy.PolicySampler;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.runtime.config.ConfigException;
import java.util.Locale;

/**
 * Memory that an engine needs outside the Java heap, in bytes.
 *
 * @param weights the policy in fp32
 * @param cache keys and values of all slots at their full length
 * @param sampling logits and probabilities of one step
 */
public record MemoryPlan(long weights, long cache, long sampling) {
  /** Logits, probabilities and their sums at most, with the order of a truncated draw. */
  private static final int SAMPLING_BYTES_PER_LOGIT = 64;

  /** The plan of a policy and its limits. */
  public static MemoryPlan of(ModelConfig model, Safetensors weights, EngineLimits limits) {
    long parameters = weights.tensors().stream().mapToLong(MemoryPlan::elements).sum();
    long logits = (long) limits.slots() * model.vocabularySize();
    return new MemoryPlan(
        parameters * Float.BYTES,
        PolicySampler.cacheBytes(model, ElementType.F32, limits.slots(), limits.sequenceTokens()),
        logits * SAMPLING_BYTES_PER_LOGIT);
  }

  private static long elements(TensorInfo tensor) {
    return tensor.bytes() / tensor.type().bytes();
  }

  /** The sum. */
  public long total() {
    return weights + cache + sampling;
  }

  /**
   * Refuses a plan that does not fit into the memory that is available now.
   *
   * @throws ConfigException if it does not
   */
  public void requireFits() {
    requireFits(MachineMemory.available());
  }

  void requireFits(long available) {
    if (total() > available) {
      throw new ConfigException(
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
    return "%s in all: weights %s, cache %s, sampling %s"
        .formatted(megabytes(total()), megabytes(weights), megabytes(cache), megabytes(sampling));
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

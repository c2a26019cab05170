package dev.drpo.policy.trainer;

import dev.drpo.policy.safetensors.ElementType;

/**
 * How a {@link PolicyTrainer} computes. None of it changes what is computed, but for the rounding
 * of {@code compute}.
 *
 * @param compute element type of the products with weights: {@code F32}, or {@code BF16}, which
 *     rounds the fp32 weights once per optimizer step, and activations where they enter a product.
 *     The residual stream, norms, rotary embedding, the softmax over the vocabulary, accumulated
 *     gradients and the optimizer are fp32 either way, and attention is wherever the device has no
 *     kernel of its own for the type
 * @param gradientCheckpointing whether only each layer's input is kept for the backward pass, which
 *     computes the layer again: about a third more time for about a tenth of the memory
 * @param headElements most logits that exist at once; those of the other rows are computed when
 *     they are needed
 * @param workers micro-batches that each device computes at once, each on a thread of its own with
 *     one gradient buffer more
 */
public record TrainerOptions(
    ElementType compute, boolean gradientCheckpointing, long headElements, int workers) {
  /** 64 MiB of fp32 logits: small beside any policy, and large enough for a matrix product. */
  public static final long HEAD_ELEMENTS = 1L << 24;

  /**
   * Rows of the vocabulary head that a CPU computes at once. Each chunk adds to the gradient of the
   * whole head: with 110 rows instead, steps were 5 to 8% slower, and 30 to 50% while others used
   * the memory.
   */
  private static final int CPU_HEAD_ROWS = 512;

  /** The same of a GPU, whose memory is slower still beside its arithmetic. */
  private static final int GPU_HEAD_ROWS = 4096;

  public static final TrainerOptions DEFAULT =
      new TrainerOptions(ElementType.F32, false, HEAD_ELEMENTS, 1);

  /** Logits of as many rows as suit a device, and {@link #HEAD_ELEMENTS} at least. */
  public static long suitableHeadElements(boolean gpu, int vocabularySize) {
    return Math.max(HEAD_ELEMENTS, (long) (gpu ? GPU_HEAD_ROWS : CPU_HEAD_ROWS) * vocabularySize);
  }

  public TrainerOptions {
    if (compute == ElementType.F16) {
      throw new IllegalArgumentException(
          "a policy is trained in F32 or BF16; F16 would need loss scaling");
    }
    if (headElements < 1 || workers < 1) {
      throw new IllegalArgumentException(
          "headElements and workers must be 1 or more, not " + headElements + " and " + workers);
    }
  }
}

package dev.drpo.policy.trainer;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import java.util.Locale;

/**
 * Memory that training needs on each of its devices, in bytes, at most. docs/learning.md derives
 * it.
 *
 * @param weights what passes are computed with
 * @param gradients one fp32 buffer a worker
 * @param optimizer the device's share of masters and moments
 * @param activations of the micro-batches that are computed or kept at once
 * @param logits of the head's chunks, with the softmax and its gradient
 * @param passing what gradients are in on their way, between devices or to their buffer
 */
public record TrainingMemory(
    long weights, long gradients, long optimizer, long activations, long logits, long passing) {
  private static final int FP32 = Float.BYTES;

  /** Keys of a sequence up to which the script keeps attention's probabilities. */
  private static final int MAX_KEPT_KEYS = 512;

  /**
   * How much is computed at once.
   *
   * @param tokensPerMicroBatch most tokens of one pass
   * @param retainedTokens most tokens of a device whose activations are kept at once
   * @param longestSequence most tokens of a prompt and its response
   */
  public record Load(long tokensPerMicroBatch, long retainedTokens, long longestSequence) {}

  /**
   * The plan for one device of some.
   *
   * @param flash whether the device has a kernel for attention, which keeps no probabilities
   */
  public static TrainingMemory of(
      ModelConfig model, TrainerOptions options, int devices, boolean flash, Load load) {
    Elements elements = Elements.of(PolicyLayout.of(model));
    boolean rounded = options.compute() != ElementType.F32;
    boolean spread = rounded && devices > 1;
    long bytes = options.compute().bytes();
    long share = Math.ceilDiv(elements.all(), devices);
    long exact = (spread ? elements.exact() : elements.all()) * FP32;
    long largest = elements.largestFactor() * bytes;
    return new TrainingMemory(
        exact + (rounded ? elements.factors() * bytes : 0),
        elements.all() * FP32 * options.workers(),
        share * FP32 * (spread ? 3 : 2),
        activations(model, options, flash, load),
        logits(model, options, load),
        (rounded ? largest * options.workers() : 0)
            + (devices > 1 ? OptimizerShard.SLICE_ELEMENTS * FP32 : 0));
  }

  private static long activations(
      ModelConfig model, TrainerOptions options, boolean flash, Load load) {
    long hidden = model.hiddenSize();
    long heads = (long) model.heads() * model.headSize();
    long fused = heads + 2L * model.keyValueHeads() * model.headSize();
    long inner = model.intermediateSize();
    long type = options.compute().bytes();
    long keys = Math.min(load.longestSequence(), MAX_KEPT_KEYS);
    long attended =
        flash ? 2 * heads + FP32 * model.heads() : FP32 * (heads + model.heads() * keys);
    // Inputs of both norms with their factors, fused queries, keys and values, gate and up.
    long layer = FP32 * (2 * hidden + 2 + fused) + 2 * type * inner + attended;
    // Gate, up, their product's and their own gradients; or attention's with the kernel's copies.
    long feedForward = 4 * type * inner + (type + 8) * hidden;
    long attention = (type + 8) * heads + 10 * fused + (type + 8) * hidden;
    long norms = 4 * FP32 * hidden;
    long working =
        Math.max(feedForward, attention) + norms + (options.gradientCheckpointing() ? layer : 0);
    long kept = model.layers() * (options.gradientCheckpointing() ? FP32 * hidden : layer);
    long computed = load.tokensPerMicroBatch() * options.workers();
    return Math.max(computed, load.retainedTokens()) * kept + computed * working;
  }

  private static long logits(ModelConfig model, TrainerOptions options, Load load) {
    long vocabulary = model.vocabularySize();
    long chunk =
        Math.min(
            Math.max(options.headElements(), vocabulary), load.tokensPerMicroBatch() * vocabulary);
    long kept = Math.ceilDiv(load.retainedTokens(), load.tokensPerMicroBatch());
    return chunk * (options.compute().bytes() + 2 * FP32) * options.workers()
        + chunk * FP32 * Math.max(kept, options.workers());
  }

  /** What stays for the whole run. */
  public long standing() {
    return weights + gradients + optimizer;
  }

  /** The sum. */
  public long total() {
    return standing() + activations + logits + passing;
  }

  /** For people. */
  @Override
  public String toString() {
    return "%s in all: weights %s, gradients %s, optimizer %s, activations at most %s, logits %s, in passing %s"
        .formatted(
            gigabytes(total()),
            gigabytes(weights),
            gigabytes(gradients),
            gigabytes(optimizer),
            gigabytes(activations),
            gigabytes(logits),
            gigabytes(passing));
  }

  /** A number of bytes for people. */
  public static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }

  /** Numbers of elements, by what is done with them. */
  private record Elements(long all, long exact, long factors, long largestFactor) {
    static Elements of(PolicyLayout layout) {
      long exact = 0;
      long factors = 0;
      long largest = 0;
      for (PolicyLayout.Weight weight : layout.weights()) {
        exact += weight.use().exact() ? weight.elements() : 0;
        factors += weight.use().factor() ? weight.elements() : 0;
        largest = Math.max(largest, weight.use().factor() ? weight.elements() : 0);
      }
      return new Elements(layout.parameters(), exact, factors, largest);
    }
  }
}

package dev.drpo.generation;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import java.util.Locale;

/**
 * Memory that an engine needs outside the Java heap, in bytes.
 *
 * @param device whose memory it is
 * @param weights the policy, with what the sampler makes of it
 * @param newerWeights the same again, for updates that are loaded while the policy is in use
 * @param prompts keys and values of prompts
 * @param responses keys and values of responses
 * @param sampling logits and probabilities of one step
 */
public record MemoryPlan(
    Device device,
    long weights,
    long newerWeights,
    long prompts,
    Responses responses,
    long sampling) {
  /** Logits, probabilities and their sums at most, with the order of a truncated draw. */
  private static final int SAMPLING_BYTES_PER_LOGIT = 64;

  /**
   * Room for responses, in positions of a sequence. A position holds the keys and values of one
   * token in all layers.
   *
   * @param engines that have an equal share of all
   * @param slots responses that are decoded at once
   * @param longest tokens of the longest response
   * @param mean tokens of a response in the mean, as far as that is known
   * @param positions that there is room for
   * @param most positions of every slot at its longest
   * @param positionBytes bytes of a position
   */
  public record Responses(
      int engines,
      int slots,
      int longest,
      int mean,
      long positions,
      long most,
      long positionBytes) {
    /** Bytes that they take. */
    public long bytes() {
      return positions * positionBytes;
    }

    /**
     * Positions of every slot at the mean length, in whole pages. So many are in use at one time if
     * lengths are distributed exponentially, which is about the heaviest tail that is met; fewer if
     * they differ less, half as many if they don't differ at all.
     */
    public long expected() {
      return Math.min(most, (long) slots * Math.ceilDiv(mean, KvCacheSize.PAGE) * KvCacheSize.PAGE);
    }
  }

  /**
   * The plan of an architecture and its limits; no weights are needed. A response is expected to
   * have half the tokens of the longest; see {@link #expecting}.
   *
   * @param updates whether the weights are ever replaced
   * @throws IllegalArgumentException if an engine's share of {@code rollout.kv-cache-tokens} does
   *     not hold one response
   */
  public static MemoryPlan of(
      ModelConfig model, EngineLimits limits, EngineSettings.Compute compute, boolean updates) {
    long bytes =
        PolicySampler.weightBytes(model, compute.device(), compute.type(), compute.threads());
    int engines = compute.engines();
    KvCacheSize cache = limits.kvCache(engines).inWholeBlocks();
    KvCacheSize whole = limits.withKvCacheTokens(0).kvCache(engines).inWholeBlocks();
    long positionBytes = KvCacheSize.positionBytes(model, compute.type());
    long logits = (long) engines * cache.rows() * model.vocabularySize();
    return new MemoryPlan(
        compute.device(),
        bytes,
        updates ? bytes : 0,
        engines * cache.promptPositions() * positionBytes,
        new Responses(
            engines,
            engines * cache.rows(),
            limits.responseTokens(),
            Math.ceilDiv(limits.responseTokens(), 2),
            engines * cache.responsePositions(),
            engines * whole.responsePositions(),
            positionBytes),
        logits * SAMPLING_BYTES_PER_LOGIT);
  }

  /** The same, of responses that have so many tokens in the mean. */
  public MemoryPlan expecting(int meanTokens) {
    return new MemoryPlan(
        device,
        weights,
        newerWeights,
        prompts,
        new Responses(
            responses.engines,
            responses.slots,
            responses.longest,
            meanTokens,
            responses.positions,
            responses.most,
            responses.positionBytes),
        sampling);
  }

  /** Keys and values. */
  public long kvCache() {
    return prompts + responses.bytes();
  }

  /** The sum, which the engine takes at its start on a GPU, and little by little on a CPU. */
  public long total() {
    return withoutResponses() + responses.bytes();
  }

  /** The sum with room for every slot at its longest. */
  public long worstCase() {
    return withoutResponses() + responses.most * responses.positionBytes;
  }

  /** The sum with room for every slot at the mean length, see {@link Responses#expected}. */
  public long expectedCase() {
    return withoutResponses() + responses.expected() * responses.positionBytes;
  }

  private long withoutResponses() {
    return weights + newerWeights + prompts + sampling;
  }

  /**
   * The greatest {@code rollout.kv-cache-tokens} that fits into so many bytes, in whole pages for
   * each engine; 0 if that is not one response of the longest size for each.
   */
  public long kvCacheTokensWithin(long bytes) {
    long positions = Math.max(0, bytes - withoutResponses()) / responses.positionBytes;
    long pages = Math.min(positions, responses.most) / responses.engines / KvCacheSize.PAGE;
    long share = pages * KvCacheSize.PAGE;
    return share < responses.longest ? 0 : share * responses.engines;
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
              + " are available; "
              + remedies(available));
    }
  }

  private String remedies(long available) {
    String others =
        "lower rollout.slots or sampling.max-response-tokens, or give the process more memory";
    long tokens = kvCacheTokensWithin(available);
    return tokens == 0
        ? others
            + " (rollout.kv-cache-tokens is of no use, since not even one response of "
            + responses.longest
            + " tokens would fit)"
        : "set rollout.kv-cache-tokens to "
            + tokens
            + " or less, so that responses share what fits, or "
            + others;
  }

  /** For people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s in all: weights %s, newer weights beside them %s, KV cache %s, sampling %s; worst case,"
            + " with every slot at its longest: %s; expected, with responses of %,d tokens in the"
            + " mean: %s",
        megabytes(total()),
        megabytes(weights),
        megabytes(newerWeights),
        megabytes(kvCache()),
        megabytes(sampling),
        megabytes(worstCase()),
        responses.mean,
        megabytes(expectedCase()));
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}

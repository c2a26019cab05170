package dev.drpo.policy.sampler;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;

/**
 * Room for keys and values, counted in positions of a sequence. Each prompt is kept once. A response
 * has a place of its own for its longest, or takes pages as it grows from those that all responses
 * share.
 *
 * @param rows responses that can be live at once
 * @param responseTokens longest response
 * @param prompts prompts that can be live at once
 * @param promptTokens longest prompt
 * @param pages pages that the responses share; 0 if each has a place of its own
 * @param pageTokens positions of a page
 */
public record KvCacheSize(
    int rows, int responseTokens, int prompts, int promptTokens, int pages, int pageTokens) {
  /** Positions of the largest blocks that any sampler allocates. */
  public static final int BLOCK = 32;

  /**
   * Positions of a page, in whole blocks. A response leaves half of its last page empty in the mean;
   * the memory of smaller pages would be read with more interruptions.
   */
  public static final int PAGE = 4 * BLOCK;

  /** Room in which each response has a place of its own. */
  public KvCacheSize(int rows, int responseTokens, int prompts, int promptTokens) {
    this(rows, responseTokens, prompts, promptTokens, 0, PAGE);
  }

  /** Room for responses of which each may have a prompt of its own. */
  public static KvCacheSize of(int rows, int promptTokens, int responseTokens) {
    return new KvCacheSize(rows, responseTokens, rows, promptTokens);
  }

  /**
   * The same, of whose responses all share so many positions, rounded up to whole pages; unchanged
   * if that is room for every response at its longest.
   *
   * @throws IllegalArgumentException if one response at its longest does not fit
   */
  public KvCacheSize sharing(int positions) {
    int shared = pagesFor(positions);
    if (positions < responseTokens) {
      throw new IllegalArgumentException(
          "%d positions for responses of up to %d; there must be room for one"
              .formatted(positions, responseTokens));
    }
    return (long) shared * pageTokens >= (long) rows * responseTokens
        ? this
        : new KvCacheSize(rows, responseTokens, prompts, promptTokens, shared, pageTokens);
  }

  /** Whether responses take pages as they grow. */
  public boolean sharesPages() {
    return pages > 0;
  }

  /** Pages in which so many positions lie. */
  public int pagesFor(int positions) {
    return Math.ceilDiv(positions, pageTokens);
  }

  /** Pages of all responses, whether shared or as many as each could fill. */
  public int responsePages() {
    return sharesPages() ? pages : Math.multiplyExact(rows, pagesFor(responseTokens));
  }

  /** Positions of all responses. */
  public long responsePositions() {
    return sharesPages() ? (long) pages * pageTokens : (long) rows * responseTokens;
  }

  /** Room for at least as much, in whole blocks of so many positions. */
  KvCacheSize inBlocks(int block) {
    return new KvCacheSize(
        rows,
        Math.toIntExact(whole(responseTokens, block)),
        prompts,
        Math.toIntExact(whole(promptTokens, block)),
        pages,
        pageTokens);
  }

  private static long whole(int positions, int block) {
    return (long) Math.ceilDiv(positions, block) * block;
  }

  /** Room for at least as much, in whole blocks of any sampler. */
  public KvCacheSize inWholeBlocks() {
    return inBlocks(BLOCK);
  }

  /** Positions of all prompts. */
  public long promptPositions() {
    return (long) prompts * promptTokens;
  }

  /** Bytes that the KV cache of a policy takes, in whole blocks. */
  public long bytes(ModelConfig config, ElementType type) {
    KvCacheSize room = inWholeBlocks();
    return positionBytes(config, type) * (room.responsePositions() + room.promptPositions());
  }

  /** Bytes of one position: a key and a value for each layer and key/value head. */
  public static long positionBytes(ModelConfig config, ElementType type) {
    return 2L * config.layers() * config.keyValueHeads() * config.headSize() * type.bytes();
  }
}

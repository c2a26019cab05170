package dev.drpo.policy.sampler;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;

/**
 * Room for keys and values: each response has a row of its own, and each prompt is kept once.
 *
 * @param rows responses that can be live at once
 * @param responseTokens longest response
 * @param prompts prompts that can be live at once
 * @param promptTokens longest prompt
 */
public record KvCacheSize(int rows, int responseTokens, int prompts, int promptTokens) {
  /** Positions of the largest blocks that any sampler allocates. */
  public static final int BLOCK = 32;

  /** Room for responses of which each may have a prompt of its own. */
  public static KvCacheSize of(int rows, int promptTokens, int responseTokens) {
    return new KvCacheSize(rows, responseTokens, rows, promptTokens);
  }

  /** Room for at least as much, in whole blocks of so many positions. */
  KvCacheSize inBlocks(int block) {
    return new KvCacheSize(
        rows,
        Math.toIntExact(whole(responseTokens, block)),
        prompts,
        Math.toIntExact(whole(promptTokens, block)));
  }

  private static long whole(int positions, int block) {
    return (long) Math.ceilDiv(positions, block) * block;
  }

  /** Bytes that the KV cache of a policy takes, in whole blocks. */
  public long bytes(ModelConfig config, ElementType type) {
    long positions = rows * whole(responseTokens, BLOCK) + prompts * whole(promptTokens, BLOCK);
    return 2L
        * config.layers()
        * config.keyValueHeads()
        * config.headSize()
        * type.bytes()
        * positions;
  }
}

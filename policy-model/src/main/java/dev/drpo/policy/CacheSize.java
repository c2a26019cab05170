package dev.drpo.policy;

import dev.drpo.policy.safetensors.ElementType;

/**
 * Room for keys and values: each response has a row of its own, and each prompt is kept once.
 *
 * @param rows responses that can be live at once
 * @param responseTokens longest response
 * @param prompts prompts that can be live at once
 * @param promptTokens longest prompt
 */
public record CacheSize(int rows, int responseTokens, int prompts, int promptTokens) {

  /** Room for responses of which each may have a prompt of its own. */
  public static CacheSize of(int rows, int promptTokens, int responseTokens) {
    return new CacheSize(rows, responseTokens, rows, promptTokens);
  }

  /** Bytes that the cache of a policy takes. */
  public long bytes(ModelConfig config, ElementType type) {
    long positions = (long) rows * responseTokens + (long) prompts * promptTokens;
    return 2L
        * config.layers()
        * config.keyValueHeads()
        * config.headSize()
        * type.bytes()
        * positions;
  }
}

package dev.drpo.generation;

import static dev.drpo.generation.RefusedRequestException.require;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.sampler.KvCacheSize;

/**
 * What fits into an engine.
 *
 * @param slots responses that are decoded at once, and the largest group
 * @param promptTokens longest prompt
 * @param responseTokens longest response
 * @param contextTokens longest prompt and response together: the policy's context
 * @param vocabularySize token ids lie in [0, vocabularySize)
 * @param kvCacheTokens positions that all responses share, and take as they grow; 0 is room for
 *     every slot at its longest
 * @param prompts prompts that are kept at once, of which all responses of a group share one; 0 is
 *     one for every slot
 */
public record EngineLimits(
    int slots,
    int promptTokens,
    int responseTokens,
    int contextTokens,
    int vocabularySize,
    int kvCacheTokens,
    int prompts) {
  /** With room for every slot at its longest. */
  public EngineLimits(
      int slots, int promptTokens, int responseTokens, int contextTokens, int vocabularySize) {
    this(slots, promptTokens, responseTokens, contextTokens, vocabularySize, 0, 0);
  }

  /** What is asked for, as far as the policy's context allows. */
  public static EngineLimits of(
      int slots, int promptTokens, int responseTokens, ModelConfig model) {
    return new EngineLimits(
        slots,
        Math.min(promptTokens, model.contextLength()),
        Math.min(responseTokens, model.contextLength()),
        model.contextLength(),
        model.vocabularySize());
  }

  /** The same with so many positions for all responses; 0 is room for every slot at its longest. */
  public EngineLimits withKvCacheTokens(int tokens) {
    return new EngineLimits(
        slots, promptTokens, responseTokens, contextTokens, vocabularySize, tokens, prompts);
  }

  /** The same with room for so many prompts; 0 is one for every slot. */
  public EngineLimits withPrompts(int places) {
    return new EngineLimits(
        slots,
        promptTokens,
        responseTokens,
        contextTokens,
        vocabularySize,
        kvCacheTokens,
        places);
  }

  /**
   * The KV cache of one of several engines, which has an equal share of the slots, prompts and
   * positions, rounded up.
   *
   * @throws IllegalArgumentException if a response of the longest size does not fit into it
   */
  KvCacheSize kvCache(int engines) {
    int rows = Math.ceilDiv(slots, engines);
    int places = prompts == 0 ? rows : Math.min(rows, Math.ceilDiv(prompts, engines));
    KvCacheSize whole = new KvCacheSize(rows, responseTokens, places, promptTokens);
    if (kvCacheTokens == 0) {
      return whole;
    }
    int share = Math.ceilDiv(kvCacheTokens, engines);
    if (share < responseTokens) {
      throw new IllegalArgumentException(
          ("rollout.kv-cache-tokens is %d, which %d %s share, %d each; it must be 0 (room for every"
                  + " slot at its longest) or hold a response of the longest size for each, %d"
                  + " (sampling.max-response-tokens is %d)")
              .formatted(
                  kvCacheTokens,
                  engines,
                  engines == 1 ? "engine" : "engines",
                  share,
                  (long) engines * responseTokens,
                  responseTokens));
    }
    return whole.sharing(share);
  }

  /** Longest prompt and response that fit together. */
  public int sequenceTokens() {
    return Math.min(promptTokens + responseTokens, contextTokens);
  }

  /**
   * Refuses what will never fit.
   *
   * @throws RefusedRequestException if the prompt is empty, too long or holds an unknown token, the
   *     response budget is too large, or the group is larger than the slots
   */
  public void refuseUnfit(GroupRequest request) {
    int promptTokens = request.prompt().length;
    int budget = request.sampling().maxResponseTokens();
    int groupSize = request.sampling().groupSize();
    require(promptTokens > 0, "the prompt is empty; it needs at least one token");
    require(
        promptTokens <= this.promptTokens,
        "the prompt has %d tokens, but %d is the most here; shorten it, or raise"
            + " sampling.max-prompt-tokens",
        promptTokens,
        this.promptTokens);
    require(
        budget <= responseTokens,
        "a response budget of %d tokens exceeds the %d that a response may have here; lower it, or"
            + " raise sampling.max-response-tokens",
        budget,
        responseTokens);
    require(
        (long) promptTokens + budget <= contextTokens,
        "a prompt of %d tokens and a response budget of %d exceed the policy's context of %d;"
            + " shorten one of them",
        promptTokens,
        budget,
        contextTokens);
    require(
        groupSize <= slots,
        "a group of %d responses exceeds the %d slots of this replica; raise rollout.slots or lower"
            + " the group size",
        groupSize,
        slots);
    for (int i = 0; i < promptTokens; i++) {
      int token = request.prompt()[i];
      require(
          token >= 0 && token < vocabularySize,
          "token %d of the prompt is %d, but the policy knows ids from 0 to %d; tokenize the prompt"
              + " with this policy's tokenizer.json",
          i,
          token,
          vocabularySize - 1);
    }
  }
}

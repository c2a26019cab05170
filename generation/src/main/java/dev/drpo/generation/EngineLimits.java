package dev.drpo.generation;

import static dev.drpo.generation.RefusedRequestException.require;

import dev.drpo.policy.checkpoint.ModelConfig;

/**
 * What fits into an engine.
 *
 * @param slots responses that are decoded at once, and the largest group
 * @param promptTokens longest prompt
 * @param responseTokens longest response
 * @param contextTokens longest prompt and response together: the policy's context
 * @param vocabularySize token ids lie in [0, vocabularySize)
 */
public record EngineLimits(
    int slots, int promptTokens, int responseTokens, int contextTokens, int vocabularySize) {
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

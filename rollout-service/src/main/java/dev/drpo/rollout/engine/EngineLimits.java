package dev.drpo.rollout.engine;

import static dev.drpo.rollout.engine.RefusedRequestException.require;

/**
 * What fits into an engine.
 *
 * @param slots responses that are decoded at once
 * @param sequenceTokens longest prompt and response together
 * @param vocabularySize token ids lie in [0, vocabularySize)
 */
public record EngineLimits(int slots, int sequenceTokens, int vocabularySize) {
  /**
   * Refuses what will never fit.
   *
   * @throws RefusedRequestException if the prompt is empty, too long or holds an unknown token, or
   *     the group is larger than the slots
   */
  public void refuseUnfit(GroupRequest request) {
    int promptTokens = request.prompt().length;
    int budget = request.sampling().maxResponseTokens();
    int groupSize = request.sampling().groupSize();
    require(promptTokens > 0, "the prompt is empty; it needs at least one token");
    require(
        (long) promptTokens + budget <= sequenceTokens,
        "a prompt of %d tokens and a response budget of %d exceed the %d tokens that a sequence may"
            + " have here; shorten the prompt, or raise sampling.max-prompt-tokens or"
            + " sampling.max-response-tokens within the policy's context",
        promptTokens,
        budget,
        sequenceTokens);
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

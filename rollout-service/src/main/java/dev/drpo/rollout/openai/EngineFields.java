package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.Sampling;
import java.util.Optional;

/**
 * What a process asks of its engine beyond the OpenAI API, in the terms of vLLM. The numbers below
 * {@code vllm_xargs} are ours: with them, tokens are drawn by the random numbers that an embedded
 * engine would take for the same place of the same response.
 *
 * @param tokens whether tokens are wanted for an answer
 * @param id the caller's name for the request
 * @param draws where to begin in which random numbers; empty for those of the seed
 */
record EngineFields(boolean tokens, String id, Optional<Draws> draws) {
  /** What callers that are no engine's have. */
  static final EngineFields NONE = new EngineFields(false, "", Optional.empty());

  private static final String EXTRA = "vllm_xargs";

  /**
   * A place in the random numbers.
   *
   * @param token tokens of the response that the prompt ends with
   */
  record Draws(long seed, long stream, int sample, int token) {
    GroupRequest request(int[] prompt, Sampling sampling) {
      return new GroupRequest(prompt, sampling, stream, sample, token, 0);
    }
  }

  /**
   * Reads them.
   *
   * @throws ApiException if they ask for what there is not
   */
  static EngineFields read(RequestFields fields) {
    boolean tokens = fields.flag("return_token_ids");
    String id = fields.text("request_id").map(name -> "cmpl-" + name + "-0").orElse("");
    fields.requireNothing("repetition_penalty", "1");
    // Of text and of caches, of which there are none to keep apart.
    fields.ignore("skip_special_tokens");
    fields.ignore("cache_salt");
    Optional<Draws> draws = fields.find(EXTRA).flatMap(EngineFields::draws);
    return new EngineFields(tokens, id, draws);
  }

  /** A table of what vLLM's own extensions take; what is not ours is theirs. */
  private static Optional<Draws> draws(JsonNode extra) {
    if (!extra.isObject()) {
      throw ApiException.invalid(
          EXTRA, "%s is %s; it must be an object", EXTRA, RequestFields.shown(extra));
    }
    RequestFields fields = new RequestFields(extra, EXTRA + ".");
    if (fields.find("drpo_stream").isEmpty()) {
      return Optional.empty();
    }
    fields.require("drpo_seed", "the seed of the run");
    return Optional.of(
        new Draws(
            fields.longInteger("drpo_seed").orElseThrow(),
            fields.longInteger("drpo_stream").orElseThrow(),
            fields.integer("drpo_sample").orElse(0),
            fields.integer("drpo_token").orElse(0)));
  }
}

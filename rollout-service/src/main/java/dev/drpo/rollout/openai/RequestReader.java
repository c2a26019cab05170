package dev.drpo.rollout.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads requests, and refuses what can't be served or would be served otherwise than it was meant.
 *
 * @param model name under which the policy is served
 * @param tokenizer of the policy
 * @param limits of the engine
 * @param forProcess whether another process, whose engine this one is, may ask for tokens
 */
public record RequestReader(
    String model, PolicyTokenizer tokenizer, EngineLimits limits, boolean forProcess) {
  /** As in the OpenAI API, which has no better default for a text to be continued. */
  private static final int DEFAULT_COMPLETION_TOKENS = 16;

  /** Bounds the work that one request can ask for. */
  private static final int MOST_RESPONSES = 1024;

  private static final int MOST_STOPS = 16;

  /**
   * Reads the body of a completion.
   *
   * @throws ApiException if it is refused
   */
  public CompletionRequest completion(byte[] body) {
    RequestFields fields = RequestFields.parse(body);
    requireModel(fields);
    List<int[]> prompts = Prompts.read(fields, tokenizer);
    OptionalInt alternatives = fields.integer("logprobs");
    if (alternatives.orElse(0) != 0) {
      throw ApiException.invalid(
          "logprobs",
          "logprobs is %d; the engine knows the log-probabilities of the sampled tokens alone, for"
              + " which logprobs is 0",
          alternatives.getAsInt());
    }
    EngineFields engine = forProcess ? EngineFields.read(fields) : EngineFields.NONE;
    fields.requireNothing("echo", "false");
    fields.requireNothing("best_of", "1");
    fields.requireNothing("suffix", "\"\"");
    return read(
        fields,
        "prompt",
        prompts,
        fields.integer("max_tokens"),
        "max_tokens",
        DEFAULT_COMPLETION_TOKENS,
        alternatives.isPresent(),
        engine);
  }

  /**
   * Reads the body of a chat completion, which without a budget has the rest of a sequence for one.
   *
   * @throws ApiException if it is refused
   */
  public CompletionRequest chat(byte[] body) {
    RequestFields fields = RequestFields.parse(body);
    requireModel(fields);
    int[] prompt;
    try {
      prompt = tokenizer.encode(tokenizer.render(Messages.read(fields)));
    } catch (PolicyFormatException e) {
      // The template refuses a conversation, such as one that begins with an answer.
      throw ApiException.invalid("messages", "%s", e.getMessage());
    }
    boolean logProbabilities = fields.flag("logprobs");
    fields.requireNothing("top_logprobs", "0");
    fields.requireNothing("response_format", "{\"type\": \"text\"}");
    fields.requireNothing("tools", "[]");
    fields.requireNothing("tool_choice", "\"none\"");
    fields.requireNothing("modalities", "[\"text\"]");
    fields.ignore("parallel_tool_calls");
    OptionalInt older = fields.integer("max_tokens");
    OptionalInt newer = fields.integer("max_completion_tokens");
    if (older.isPresent() && newer.isPresent() && older.getAsInt() != newer.getAsInt()) {
      throw ApiException.invalid(
          "max_completion_tokens",
          "max_completion_tokens is %d and max_tokens is %d; give one of them",
          newer.getAsInt(),
          older.getAsInt());
    }
    return read(
        fields,
        "messages",
        List.of(prompt),
        newer.isPresent() ? newer : older,
        newer.isPresent() ? "max_completion_tokens" : "max_tokens",
        Math.clamp(limits.contextTokens() - (long) prompt.length, 1, limits.responseTokens()),
        logProbabilities,
        EngineFields.NONE);
  }

  private void requireModel(RequestFields fields) {
    fields.require("model", "'" + model + "'");
    String asked = fields.text("model").orElseThrow();
    if (!asked.equals(model)) {
      throw ApiException.unknownModel(asked, model);
    }
  }

  private CompletionRequest read(
      RequestFields fields,
      String promptField,
      List<int[]> prompts,
      OptionalInt budget,
      String budgetField,
      int defaultBudget,
      boolean logProbabilities,
      EngineFields engine) {
    int n = fields.integer("n").orElse(1);
    requireRange(n >= 1 && n <= limits.slots(), "n", n, "from 1 to " + limits.slots());
    if ((long) n * prompts.size() > MOST_RESPONSES) {
      throw ApiException.invalid(
          promptField,
          "%d prompts with n = %d ask for more than %d responses; send fewer at once",
          prompts.size(),
          n,
          MOST_RESPONSES);
    }
    int maxTokens = budget.orElse(defaultBudget);
    requireRange(maxTokens >= 1, budgetField, maxTokens, "1 or more");
    double temperature = fields.number("temperature").orElse(1);
    requireRange(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature",
        temperature,
        "0 (greedy) or more");
    double topP = fields.number("top_p").orElse(1);
    requireRange(topP > 0 && topP <= 1, "top_p", topP, "above 0 and at most 1");
    // Not of the OpenAI API, but what servers of open models take beside it.
    int topK = fields.integer("top_k").orElse(0);
    requireRange(topK >= -1, "top_k", topK, "0 or -1 (all tokens), or more");
    double minP = fields.number("min_p").orElse(0);
    requireRange(minP >= 0 && minP < 1, "min_p", minP, "at least 0 and below 1");
    Set<Integer> stopTokens = Set.copyOf(fields.integers("stop_token_ids"));
    SamplingLaw law = Sampling.law(temperature, topP, Math.max(0, topK), minP);
    OptionalLong seed = fields.longInteger("seed");
    List<GroupRequest> groups = new ArrayList<>();
    for (int[] prompt : prompts) {
      // Without a seed, the same prompt twice is two draws.
      long key =
          engine
              .draws()
              .map(EngineFields.Draws::seed)
              .orElseGet(() -> seed.orElseGet(ThreadLocalRandom.current()::nextLong));
      Sampling sampling = new Sampling(law, n, maxTokens, key, stopTokens);
      groups.add(
          fitting(
              engine
                  .draws()
                  .map(draws -> draws.request(prompt, sampling))
                  .orElseGet(() -> GroupRequest.of(prompt, sampling)),
              promptField));
    }
    boolean stream = fields.flag("stream");
    boolean streamUsage = streamUsage(fields, stream);
    List<String> stops = stops(fields);
    fields.requireNothing("frequency_penalty", "0");
    fields.requireNothing("presence_penalty", "0");
    fields.requireNothing("logit_bias", "{}");
    List.of("user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key")
        .forEach(fields::ignore);
    fields.refuseOthers();
    if (engine.tokens() && (stream || !stops.isEmpty())) {
      throw ApiException.invalid(
          "return_token_ids",
          "return_token_ids is true with %s; tokens are told in one, and end at tokens: leave it out",
          stream ? "stream" : "stop");
    }
    return new CompletionRequest(
        groups, stops, logProbabilities, stream, streamUsage, engine.tokens(), engine.id());
  }

  private GroupRequest fitting(GroupRequest group, String promptField) {
    try {
      limits.refuseUnfit(group);
      return group;
    } catch (RefusedRequestException e) {
      int prompt = group.prompt().length;
      int response = group.sampling().maxResponseTokens();
      throw prompt > limits.promptTokens()
              || response > limits.responseTokens()
              || (long) prompt + response > limits.contextTokens()
          ? ApiException.tooLong(promptField, e.getMessage())
          : ApiException.invalid(promptField, "%s", e.getMessage());
    }
  }

  private static boolean streamUsage(RequestFields fields, boolean stream) {
    return fields
        .find("stream_options")
        .map(
            options -> {
              if (!stream || !options.isObject()) {
                throw ApiException.invalid(
                    "stream_options",
                    "stream_options is %s, and stream is %s; it must be an object, of a request"
                        + " that streams",
                    RequestFields.shown(options),
                    stream);
              }
              RequestFields inner = new RequestFields(options, "stream_options.");
              boolean include = inner.flag("include_usage");
              inner.requireNothing("include_obfuscation", "false");
              inner.refuseOthers();
              return include;
            })
        .orElse(false);
  }

  private static List<String> stops(RequestFields fields) {
    List<String> stops = new ArrayList<>();
    fields
        .find("stop")
        .ifPresent(
            value -> {
              Iterable<JsonNode> texts = value.isArray() ? value : List.of(value);
              texts.forEach(
                  text -> {
                    if (!text.isTextual() || text.asText().isEmpty()) {
                      throw ApiException.invalid(
                          "stop",
                          "stop is %s; it must be a text or a list of texts, none of them empty",
                          RequestFields.shown(value));
                    }
                    stops.add(text.asText());
                  });
            });
    if (stops.size() > MOST_STOPS) {
      throw ApiException.invalid(
          "stop", "there are %d stops; give at most %d", stops.size(), MOST_STOPS);
    }
    return stops;
  }

  private static void requireRange(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw ApiException.invalid(field, "%s is %s; it must be %s", field, value, expected);
    }
  }
}

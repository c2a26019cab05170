package dev.drpo.rollout.engineapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.SampledResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** A completion in tokens, with the log-probabilities of the distribution that they come from. */
final class TokenAnswer {
  private TokenAnswer() {}

  static ObjectNode of(
      TokenSampling sampling, Function<int[], String> decode, String model, Instant created)
      throws InterruptedException {
    List<SampledResponse> responses = sampling.responses();
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", "cmpl-" + UUID.randomUUID())
            .put("object", "text_completion")
            .put("created", created.getEpochSecond())
            .put("model", model)
            .put("weight_version", sampling.label());
    ArrayNode choices = answer.putArray("choices");
    int size = responses.size() / sampling.request().groups().size();
    int sampled = 0;
    for (int i = 0; i < responses.size(); i++) {
      SampledResponse response = responses.get(i);
      GroupRequest group = sampling.request().groups().get(i / size);
      ObjectNode choice = choices.addObject().put("index", i);
      choice.put("text", decode.apply(response.tokens()));
      tokens(choice.putArray("token_ids"), response.tokens());
      tokens(choice.putArray("prompt_token_ids"), group.prompt());
      ObjectNode logs = choice.putObject("logprobs");
      ArrayNode values = logs.putArray("token_logprobs");
      for (float value : response.samplingLogProbabilities()) {
        // As a double, whose digits give back the very float.
        values.add((double) value);
      }
      choice.put("finish_reason", sampling.reason(response, group));
      sampled += response.tokens().length;
    }
    int prompts = sampling.request().promptTokens();
    answer
        .putObject("usage")
        .put("prompt_tokens", prompts)
        .put("completion_tokens", sampled)
        .put("total_tokens", prompts + sampled);
    return answer;
  }

  private static void tokens(ArrayNode list, int[] tokens) {
    Arrays.stream(tokens).forEach(list::add);
  }
}

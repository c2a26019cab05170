package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;

/** vLLM. */
final class FakeVllm extends FakeServer {
  private volatile boolean knowsLabels = true;

  FakeVllm(Path initial) throws IOException {
    super(initial);
  }

  /** Older releases keep no label of the weights. */
  void knowsNoLabels() {
    knowsLabels = false;
  }

  @Override
  boolean isGeneration(String path) {
    return path.equals("/v1/completions");
  }

  @Override
  Spoken read(JsonNode body) {
    return new Spoken(
        body.path("request_id").asText(),
        integers(body.path("prompt")),
        body.path("max_tokens").intValue(),
        body.path("temperature").doubleValue(),
        body.path("seed").longValue(),
        integers(body.path("stop_token_ids")));
  }

  @Override
  Reply administer(String path, JsonNode body) throws InterruptedException {
    return switch (path) {
      case "/health", "/abort_requests" -> Reply.ok(JSON.createObjectNode());
      case "/v1/models" -> {
        ObjectNode models = JSON.createObjectNode();
        models.putArray("data").addObject().put("id", "policy");
        yield Reply.ok(models);
      }
      case "/weight_info" ->
          knowsLabels
              ? Reply.ok(JSON.createObjectNode().put("weight_version", label()))
              : Reply.unknown();
      case "/pause?mode=wait&clear_cache=true", "/pause?mode=abort&clear_cache=true" -> {
        pause(path.contains("abort"));
        yield Reply.ok(JSON.createObjectNode());
      }
      case "/resume" -> {
        resume();
        yield Reply.ok(JSON.createObjectNode());
      }
      case "/collective_rpc" -> load(Path.of(body.at("/kwargs/weights_path").asText()));
      case "/update_weight_version" -> {
        if (!knowsLabels) {
          yield Reply.unknown();
        }
        label(body.path("new_version").asText());
        yield Reply.ok(JSON.createObjectNode());
      }
      default -> Reply.unknown();
    };
  }

  @Override
  ObjectNode answer(Segment segment, Mischief mischief) {
    ObjectNode answer = JSON.createObjectNode().put("object", "text_completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0).put("text", "w");
    ArrayNode ids = choice.putArray("token_ids");
    ArrayNode values = choice.putObject("logprobs").putArray("token_logprobs");
    for (int i = 0; i < segment.tokens().length; i++) {
      ids.add(segment.tokens()[i]);
      add(values, segment.logProbabilities()[i], i == 0 ? mischief : null);
    }
    choice.put(
        "finish_reason",
        switch (segment.end()) {
          case STOP -> "stop";
          case LENGTH -> "length";
          case ABORT -> "abort";
        });
    return answer;
  }

  private static void add(ArrayNode values, float value, Mischief mischief) {
    switch (mischief) {
      case MISCOUNTED -> {
        // Left out.
      }
      case NO_LOG_PROBABILITY -> values.addNull();
      case NAN -> values.addRawValue(new RawValue("NaN"));
      case FLOORED -> values.add(-9999.0);
      case POSITIVE -> values.add(0.5);
      case null, default -> values.add((double) value);
    }
  }
}

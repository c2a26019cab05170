package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.file.Path;

/** SGLang. */
final class FakeSglang extends FakeServer {
  FakeSglang(Path initial) throws IOException {
    super(initial);
  }

  @Override
  boolean isGeneration(String path) {
    return path.equals("/generate");
  }

  @Override
  Spoken read(JsonNode body) {
    JsonNode sampling = body.path("sampling_params");
    return new Spoken(
        body.path("rid").asText(),
        integers(body.path("input_ids")),
        sampling.path("max_new_tokens").intValue(),
        sampling.path("temperature").doubleValue(),
        sampling.path("sampling_seed").longValue(),
        integers(sampling.path("stop_token_ids")));
  }

  @Override
  Reply administer(String path, JsonNode body) throws InterruptedException {
    return switch (path) {
      case "/health", "/abort_request" -> Reply.ok(JSON.createObjectNode());
      case "/get_model_info" -> Reply.ok(JSON.createObjectNode().put("weight_version", label()));
      case "/pause_generation" -> {
        pause(body.path("mode").asText().equals("abort"));
        yield Reply.ok(JSON.createObjectNode());
      }
      case "/continue_generation" -> {
        resume();
        yield Reply.ok(JSON.createObjectNode());
      }
      case "/update_weights_from_disk" -> {
        if (running() > 0) {
          yield Reply.ok(
              JSON.createObjectNode().put("success", false).put("message", "requests are running"));
        }
        Reply loaded = load(Path.of(body.path("model_path").asText()));
        if (loaded.status() == 200) {
          label(body.path("weight_version").asText());
        }
        yield loaded;
      }
      default -> Reply.unknown();
    };
  }

  @Override
  ObjectNode answer(Segment segment, Mischief mischief) {
    ObjectNode answer = JSON.createObjectNode().put("text", "w");
    ObjectNode meta = answer.putObject("meta_info");
    meta.put("weight_version", segment.weights().orElseThrow());
    meta.put("completion_tokens", segment.tokens().length);
    meta.putObject("finish_reason")
        .put(
            "type",
            switch (segment.end()) {
              case STOP -> "stop";
              case LENGTH -> "length";
              case ABORT -> "abort";
            });
    if (mischief == Mischief.ABORTED_BEFORE_PREFILL) {
      return answer;
    }
    ArrayNode drawn = meta.putArray("output_token_logprobs");
    for (int i = 0; i < segment.tokens().length; i++) {
      Mischief here = i == 0 ? mischief : null;
      if (here != Mischief.MISCOUNTED) {
        ArrayNode one = drawn.addArray();
        add(one, segment.logProbabilities()[i], here);
        one.add(segment.tokens()[i]).addNull();
      }
    }
    return answer;
  }

  private static void add(ArrayNode values, float value, Mischief mischief) {
    switch (mischief) {
      case NO_LOG_PROBABILITY -> values.addNull();
      case NAN -> values.addRawValue(new RawValue("NaN"));
      case FLOORED -> values.add(-9999.0);
      case POSITIVE -> values.add(0.5);
      case null, default -> values.add((double) value);
    }
  }
}

package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/** SGLang, by its own interface. */
final class SglangServer implements EngineServer {
  private static final String GENERATE = "generate";

  private final HttpCalls calls;
  private final Deadlines deadlines;
  private boolean paused;

  SglangServer(String address, Deadlines deadlines) {
    this.calls = new HttpCalls("SGLang", address, deadlines);
    this.deadlines = deadlines;
  }

  @Override
  public String name() {
    return calls.name();
  }

  @Override
  public void examine() throws EngineTroubleException, InterruptedException {
    calls.require("health", null, deadlines.connect());
  }

  @Override
  public Optional<String> weights() throws EngineTroubleException, InterruptedException {
    calls.require("health", null, deadlines.connect());
    HttpCalls.Answer answer = calls.administer("get_model_info", null, deadlines.administration());
    return answer.ok()
        ? Optional.ofNullable(answer.body().path("weight_version").textValue())
        : Optional.empty();
  }

  @Override
  public Generation generate(SegmentRequest request) {
    return calls.generate(
        GENERATE,
        body(request),
        SglangServer::segment,
        "abort_request",
        empty().put("rid", request.id()));
  }

  private static byte[] body(SegmentRequest request) {
    return RequestWriter.object(
        json -> {
          json.writeStringField("rid", request.id());
          RequestWriter.tokens(json, "input_ids", request.prompt());
          json.writeBooleanField("return_logprob", true);
          json.writeBooleanField("stream", false);
          json.writeObjectFieldStart("sampling_params");
          json.writeNumberField("max_new_tokens", request.budget());
          RequestWriter.law(json, request.law());
          json.writeNumberField("n", 1);
          json.writeNumberField("sampling_seed", request.draws().asOneSeed(request.attempt()));
          RequestWriter.tokens(json, "stop_token_ids", request.ends());
          json.writeBooleanField("skip_special_tokens", false);
          json.writeBooleanField("no_stop_trim", true);
          json.writeEndObject();
        });
  }

  private static Segment segment(JsonNode answer) throws BadAnswerException {
    JsonNode meta = SegmentReader.field(answer, "/meta_info");
    Segment.End end = SegmentReader.end(SegmentReader.field(meta, "/finish_reason/type").asText());
    JsonNode drawn = meta.path("output_token_logprobs");
    if (!drawn.isArray() && end != Segment.End.ABORT) {
      // One that is cut before its prompt was read has none.
      throw SegmentReader.malformed("/meta_info/output_token_logprobs is no list");
    }
    JsonNode counted = meta.path("completion_tokens");
    if (counted.isIntegralNumber() && counted.intValue() != drawn.size()) {
      throw new BadAnswerException(
          AnswerFault.MISCOUNTED,
          counted.intValue() + " tokens, " + drawn.size() + " log-probabilities");
    }
    int[] tokens = new int[drawn.size()];
    float[] logProbabilities = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      JsonNode one = drawn.get(i);
      if (one.size() < 2) {
        throw SegmentReader.malformed(one + " is no log-probability with its token");
      }
      logProbabilities[i] = SegmentReader.logProbability(one.get(0));
      tokens[i] = SegmentReader.token(one.get(1));
    }
    return new Segment(
        tokens,
        logProbabilities,
        end,
        Optional.ofNullable(meta.path("weight_version").textValue()));
  }

  /** It takes weights while nothing is processed: what runs either ends before this, or is cut. */
  @Override
  public void pause(Running running) throws EngineTroubleException, InterruptedException {
    if (running == Running.IS_CUT) {
      paused = true;
      calls.require("pause_generation", empty().put("mode", "abort"), deadlines.administration());
    }
  }

  @Override
  public void load(Path folder, String label) throws EngineTroubleException, InterruptedException {
    ObjectNode update =
        empty()
            .put("model_path", folder.toString())
            .put("weight_version", label)
            .put("flush_cache", true)
            .put("abort_all_requests", false);
    JsonNode answer = calls.require("update_weights_from_disk", update, deadlines.load());
    if (!answer.path("success").asBoolean()) {
      throw new EngineTroubleException(
          "%s does not take the weights from %s: %s"
              .formatted(name(), folder, answer.path("message").asText()));
    }
  }

  @Override
  public void resume() throws EngineTroubleException, InterruptedException {
    if (paused) {
      calls.require("continue_generation", empty(), deadlines.administration());
      paused = false;
    }
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public void close() {
    calls.close();
  }
}

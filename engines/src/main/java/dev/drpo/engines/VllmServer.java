package dev.drpo.engines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * vLLM, by its completions and by the calls that {@code VLLM_SERVER_DEV_MODE=1} opens. The engine
 * API of a rollout replica is the same.
 */
final class VllmServer implements EngineServer {
  private static final String COMPLETIONS = "v1/completions";

  private final HttpCalls calls;
  private final Deadlines deadlines;
  private volatile String model;
  private boolean labelled;

  VllmServer(String address, Deadlines deadlines) {
    this.calls = new HttpCalls("vLLM", address, deadlines);
    this.deadlines = deadlines;
  }

  @Override
  public String name() {
    return calls.name();
  }

  @Override
  public void examine() throws EngineTroubleException, InterruptedException {
    calls.require("health", null, deadlines.connect());
    JsonNode models = calls.require("v1/models", null, deadlines.administration());
    JsonNode served = models.at("/data/0/id");
    if (!served.isTextual()) {
      throw new EngineTroubleException(name() + " serves no model: " + models);
    }
    model = served.textValue();
  }

  @Override
  public Optional<String> weights() throws EngineTroubleException, InterruptedException {
    calls.require("health", null, deadlines.connect());
    if (!labelled) {
      return Optional.empty();
    }
    HttpCalls.Answer answer = calls.administer("weight_info", null, deadlines.administration());
    JsonNode label = answer.body().findValue("weight_version");
    return answer.ok() && label != null && label.isTextual()
        ? Optional.of(label.textValue())
        : Optional.empty();
  }

  @Override
  public Generation generate(SegmentRequest request) {
    ObjectNode abort = empty();
    abort.putArray("request_ids").add("cmpl-" + request.id() + "-0");
    return calls.generate(COMPLETIONS, body(request), VllmServer::segment, "abort_requests", abort);
  }

  private byte[] body(SegmentRequest request) {
    return RequestWriter.object(
        json -> {
          json.writeStringField("model", model);
          json.writeStringField("request_id", request.id());
          RequestWriter.tokens(json, "prompt", request.prompt());
          json.writeNumberField("max_tokens", request.budget());
          RequestWriter.law(json, request.law());
          json.writeNumberField("seed", request.draws().asOneSeed(request.attempt()));
          json.writeNumberField("n", 1);
          json.writeNumberField("logprobs", 0);
          json.writeBooleanField("return_token_ids", true);
          RequestWriter.tokens(json, "stop_token_ids", request.ends());
          json.writeBooleanField("skip_special_tokens", false);
          json.writeStringField("cache_salt", request.weights());
          json.writeBooleanField("stream", false);
          // Read by a rollout replica alone, which draws by these instead of the seed.
          json.writeObjectFieldStart("vllm_xargs");
          json.writeNumberField("drpo_seed", request.draws().seed());
          json.writeNumberField("drpo_stream", request.draws().stream());
          json.writeNumberField("drpo_sample", request.draws().sample());
          json.writeNumberField("drpo_token", request.draws().token());
          json.writeEndObject();
        });
  }

  private static Segment segment(JsonNode answer) throws BadAnswerException {
    JsonNode ids = SegmentReader.list(answer, "/choices/0/token_ids");
    // An answer without a token may have no log-probabilities.
    JsonNode logs =
        ids.isEmpty() ? ids : SegmentReader.list(answer, "/choices/0/logprobs/token_logprobs");
    if (ids.size() != logs.size()) {
      throw new BadAnswerException(
          AnswerFault.MISCOUNTED, ids.size() + " tokens, " + logs.size() + " log-probabilities");
    }
    int[] tokens = new int[ids.size()];
    float[] logProbabilities = new float[ids.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = SegmentReader.token(ids.get(i));
      logProbabilities[i] = SegmentReader.logProbability(logs.get(i));
    }
    return new Segment(
        tokens,
        logProbabilities,
        SegmentReader.end(SegmentReader.field(answer, "/choices/0/finish_reason").asText()),
        Optional.ofNullable(answer.path("weight_version").textValue()));
  }

  @Override
  public void pause(Running running) throws EngineTroubleException, InterruptedException {
    String mode =
        switch (running) {
          case FINISHES -> "wait";
          case IS_CUT -> "abort";
        };
    calls.require("pause?mode=" + mode + "&clear_cache=true", empty(), deadlines.administration());
  }

  @Override
  public void load(Path folder, String label) throws EngineTroubleException, InterruptedException {
    ObjectNode reload = empty().put("method", "reload_weights");
    reload.putObject("kwargs").put("weights_path", folder.toString());
    calls.require("collective_rpc", reload, deadlines.load());
    // Releases differ in whether they keep a label.
    labelled =
        calls
            .administer(
                "update_weight_version",
                empty().put("new_version", label),
                deadlines.administration())
            .ok();
  }

  @Override
  public void resume() throws EngineTroubleException, InterruptedException {
    calls.require("resume", empty(), deadlines.administration());
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Override
  public void close() {
    calls.close();
  }
}

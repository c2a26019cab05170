package dev.drpo.benchmarks.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A server in the words of vLLM that answers at once, with the same tokens for every response: what
 * is measured is who asks. Only the fixed prompt that proves its weights is looked at.
 */
final class EngineStub implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROBE = "\"request_id\":\"drpo-probe";
  private static final int TOKEN = 1;

  /** As many bytes of a request as tell whose it is. */
  private static final int HEAD = 200;

  private final PolicyFolder policy;
  private final byte[] answer;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  EngineStub(PolicyFolder policy, int tokens) throws IOException {
    this.policy = policy;
    float[] logProbabilities = new float[tokens];
    // Digits as a server's are.
    Arrays.fill(logProbabilities, -1.2345678f);
    int[] drawn = new int[tokens];
    Arrays.fill(drawn, TOKEN);
    this.answer = completion(drawn, logProbabilities);
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  String address() {
    return "127.0.0.1:" + http.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      byte[] reply =
          switch (exchange.getRequestURI().getPath()) {
            case "/v1/completions" ->
                head(body).contains(PROBE) ? probed(JSON.readTree(body)) : answer;
            case "/v1/models" -> bytes("{\"data\": [{\"id\": \"policy\"}]}");
            default -> bytes("{}");
          };
      exchange.sendResponseHeaders(200, reply.length);
      exchange.getResponseBody().write(reply);
    }
  }

  private static String head(byte[] body) {
    return new String(body, 0, Math.min(HEAD, body.length), StandardCharsets.UTF_8);
  }

  private byte[] probed(JsonNode request) throws IOException {
    int budget = request.path("max_tokens").intValue();
    int prompt = request.path("prompt").size();
    int[] sequence = new int[prompt + budget];
    Arrays.fill(sequence, TOKEN);
    for (int i = 0; i < prompt; i++) {
      sequence[i] = request.path("prompt").get(i).intValue();
    }
    try (Safetensors weights = policy.openWeights();
        PolicyScorer scorer = PolicyScorer.load(policy.config(), weights)) {
      float[] all =
          scorer
              .logProbabilities(List.of(sequence), request.path("temperature").doubleValue())
              .getFirst();
      return completion(
          Arrays.copyOfRange(sequence, prompt, sequence.length),
          Arrays.copyOfRange(all, prompt - 1, all.length));
    }
  }

  /** With all that vLLM tells beside what was asked for. */
  private static byte[] completion(int[] tokens, float[] logProbabilities) {
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode choice = answer.putArray("choices").addObject();
    choice.put("text", " token".repeat(tokens.length));
    choice.put("finish_reason", "length");
    ArrayNode ids = choice.putArray("token_ids");
    ObjectNode logs = choice.putObject("logprobs");
    ArrayNode values = logs.putArray("token_logprobs");
    ArrayNode texts = logs.putArray("tokens");
    ArrayNode top = logs.putArray("top_logprobs");
    ArrayNode offsets = logs.putArray("text_offset");
    for (int i = 0; i < tokens.length; i++) {
      ids.add(tokens[i]);
      values.add((double) logProbabilities[i]);
      texts.add(" token");
      top.addObject().put(" token", (double) logProbabilities[i]);
      offsets.add(6 * i);
    }
    return bytes(answer.toString());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}

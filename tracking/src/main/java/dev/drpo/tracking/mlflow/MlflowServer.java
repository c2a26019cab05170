package dev.drpo.tracking.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Calls of a tracking server, one at a time. */
final class MlflowServer implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What of an answer that is no JSON goes into a message. */
  private static final int EXCERPT = 200;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final String base;
  private final Optional<String> authorization;

  /**
   * Calls the server at an address.
   *
   * @param environment with MLflow's own variables: {@code MLFLOW_TRACKING_TOKEN}, or {@code
   *     MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD}
   */
  MlflowServer(URI address, Map<String, String> environment) {
    this.base = address.toString().replaceAll("/+$", "") + "/api/2.0/mlflow/";
    this.authorization = authorization(environment);
  }

  private static Optional<String> authorization(Map<String, String> environment) {
    String token = environment.getOrDefault("MLFLOW_TRACKING_TOKEN", "");
    if (!token.isEmpty()) {
      return Optional.of("Bearer " + token);
    }
    String user = environment.getOrDefault("MLFLOW_TRACKING_USERNAME", "");
    if (user.isEmpty()) {
      return Optional.empty();
    }
    String pair = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  /** An empty object, for a request. */
  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Reads something.
   *
   * @throws MlflowException if the server refuses
   * @throws IOException if it can't be reached
   */
  JsonNode get(String call, String parameter, String value)
      throws IOException, InterruptedException {
    String query = parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    return answer(call, request(call + "?" + query).GET());
  }

  /**
   * Changes something.
   *
   * @throws MlflowException if the server refuses
   * @throws IOException if it can't be reached
   */
  JsonNode post(String call, ObjectNode body) throws IOException, InterruptedException {
    return answer(
        call,
        request(call)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))));
  }

  private HttpRequest.Builder request(String call) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + call)).timeout(ANSWER);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private JsonNode answer(String call, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonNode body = json(response.body());
    if (response.statusCode() == 200) {
      return body;
    }
    String code = body.path("error_code").asText();
    String reason = body.path("message").asText();
    throw new MlflowException(
        "%s answers %s with status %d, %s %s"
            .formatted(
                base,
                call,
                response.statusCode(),
                code,
                reason.isEmpty() ? excerpt(response.body()) : reason),
        code);
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return object();
    }
  }

  private static String excerpt(String body) {
    return body.substring(0, Math.min(body.length(), EXCERPT));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

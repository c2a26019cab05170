package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Calls the OpenAI API of one replica. */
record OpenAiCaller(URI root) {
  static final String COMPLETIONS = "/v1/completions";
  static final String CHAT = "/v1/chat/completions";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The answer to a request that is served. */
  JsonNode ok(String path, String fields) throws Exception {
    HttpResponse<String> response = post(path, "{\"model\": \"service-test\", " + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    return JSON.readTree(response.body());
  }

  /** The objects of an event stream, which must end as it should. */
  List<JsonNode> stream(String path, String fields) throws Exception {
    HttpResponse<String> response = post(path, "{\"model\": \"service-test\", " + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
    List<String> events = new ArrayList<>(List.of(response.body().split("\n\n")));
    assertThat(events.removeLast()).isEqualTo("data: [DONE]");
    List<JsonNode> objects = new ArrayList<>();
    for (String event : events) {
      assertThat(event).startsWith("data: {");
      objects.add(JSON.readTree(event.substring("data: ".length())));
    }
    return objects;
  }

  HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(root.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(root.resolve(path)).build());
  }

  static HttpResponse<String> send(HttpRequest request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static void assertError(
      HttpResponse<String> response, int status, String parameter, String code, String reason)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(response.body()).get("error");
    assertThat(error.get("message").asText()).contains(reason);
    assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").textValue()).isEqualTo(parameter);
    assertThat(error.get("code").textValue()).isEqualTo(code);
  }
}

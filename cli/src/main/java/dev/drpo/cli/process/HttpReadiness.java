package dev.drpo.cli.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Ready when {@code GET http://127.0.0.1:port<path>} answers 200, as Kubernetes probes it. The body
 * of a refusal names the checks that are down.
 */
public final class HttpReadiness implements Readiness {
  private static final Duration CONNECTION_PATIENCE = Duration.ofSeconds(2);

  /** Services give their broker two seconds before they answer that it is down. */
  private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(5);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTION_PATIENCE)
          .build();

  private final String path;

  public HttpReadiness(String path) {
    this.path = path;
  }

  @Override
  public State probe(ServiceProcess process) {
    URI uri = URI.create("http://127.0.0.1:" + process.ports().http() + path);
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(uri).timeout(ANSWER_PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200
          ? new State.Ready()
          : new State.Waiting(
              uri + " answers " + answer.statusCode() + downChecks(answer.body()), false);
    } catch (IOException e) {
      return new State.Waiting("nothing answers at " + uri, true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new State.Waiting("the probe was interrupted", false);
    }
  }

  private static String downChecks(String body) {
    List<String> down = new ArrayList<>();
    try {
      for (JsonNode check : JSON.readTree(body).path("checks")) {
        if (check.path("status").asText().equals("DOWN")) {
          down.add(check.path("name").asText());
        }
      }
    } catch (JsonProcessingException e) {
      return "";
    }
    return down.isEmpty() ? "" : "; down: " + String.join(", ", down);
  }
}

package dev.drpo.cli.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls a server of OpenAI's API. What may be mended by waiting (429, 5xx, broken connections) is
 * asked again; everything else is a {@link ServerFailure} at once. Safe for use by many threads.
 */
final class OpenAiClient implements AutoCloseable {
  /** A response of 32,768 tokens takes a slow server this long; a hung one is given up then. */
  private static final Duration TIMEOUT = Duration.ofHours(1);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int SERVER_ERROR = 500;
  private static final int LONGEST_QUOTE = 500;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI api;
  private final Optional<String> key;
  private final Backoff backoff;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * Of a server.
   *
   * @param api root of its API, which ends in {@code /v1}
   * @param key what it is to be sent as a bearer token
   */
  OpenAiClient(URI api, Optional<String> key, Backoff backoff) {
    this.api = api;
    this.key = key;
    this.backoff = backoff;
  }

  /** The names of the server's models. Asks once: whoever waits for the answer wants to know. */
  List<String> models() throws InterruptedException {
    List<String> names = new ArrayList<>();
    JsonNode answer;
    try {
      answer = read(http.send(request("/models").GET().build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new ServerFailure(
          "%s does not answer (%s); correct --against, or start the server"
              .formatted(api, reason(e)));
    }
    answer.path("data").forEach(model -> names.add(model.path("id").asText()));
    return names;
  }

  /** Asks for chat completions. */
  JsonNode chat(ObjectNode body) throws InterruptedException {
    HttpRequest request;
    try {
      request =
          request("/chat/completions")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(MAPPER.writeValueAsString(body)))
              .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory can't fail", e);
    }
    for (int failed = 1; ; failed++) {
      String why;
      Duration asked = Duration.ZERO;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (!passes(response.statusCode())) {
          return read(response);
        }
        why = "answers " + response.statusCode() + quote(response.body());
        asked = retryAfter(response);
      } catch (IOException e) {
        why = "does not answer (" + reason(e) + ")";
      }
      if (failed == backoff.attempts()) {
        throw new ServerFailure(
            "%s %s, %d times; see to the server, and call the same command again to go on"
                .formatted(api, why, failed));
      }
      Thread.sleep(backoff.before(failed, asked));
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path)).timeout(TIMEOUT);
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  /** Whether a failure may pass by itself. */
  private static boolean passes(int status) {
    return status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT || status >= SERVER_ERROR;
  }

  private static Duration retryAfter(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
        .orElse(Duration.ZERO);
  }

  private JsonNode read(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new ServerFailure(
          "%s refuses the request with %d%s%s"
              .formatted(
                  response.uri(),
                  response.statusCode(),
                  quote(response.body()),
                  response.statusCode() == 401
                      ? "; give its key by --api-key-env"
                      : "; correct the options, or the server's settings"));
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ServerFailure(
          "%s answers with something else than JSON%s; it must speak OpenAI's API"
              .formatted(response.uri(), quote(response.body())));
    }
  }

  /** What an error's body says, in OpenAI's shape or its own. */
  private static String quote(String body) {
    String text = body;
    try {
      JsonNode message = MAPPER.readTree(body).at("/error/message");
      text = message.isTextual() ? message.asText() : body;
    } catch (JsonProcessingException e) {
      // It is quoted as it is.
    }
    String plain = text.strip().replaceAll("\\s+", " ");
    return plain.isEmpty()
        ? ""
        : ": " + plain.substring(0, Math.min(plain.length(), LONGEST_QUOTE));
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}

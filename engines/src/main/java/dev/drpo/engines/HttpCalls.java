package dev.drpo.engines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Calls of one server, over connections that are kept. Safe for use by many threads. */
final class HttpCalls implements AutoCloseable {
  /** What is cut off, or goes on behind its end, is no answer. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Python writes NaN where it has no number.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final int ATTEMPTS = 3;
  private static final int SHOWN = 300;

  private final URI root;
  private final String name;
  private final Deadlines deadlines;
  private final HttpClient client;

  /**
   * Connects when the first call is made.
   *
   * @param kind of the server, for people
   * @param address host:port
   */
  HttpCalls(String kind, String address, Deadlines deadlines) {
    this.root = URI.create("http://" + address + "/");
    this.name = kind + " at " + address;
    this.deadlines = deadlines;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(deadlines.connect())
            .build();
  }

  /** What is called, for people. */
  String name() {
    return name;
  }

  /** An answer to a call that administers. */
  record Answer(int status, JsonNode body) {
    boolean ok() {
      return status / 100 == 2;
    }
  }

  /**
   * Makes a call that may be made twice. Errors of the server and of the transport are tried again.
   *
   * @param body JSON; null for a GET
   * @throws EngineTroubleException if it comes to nothing
   */
  Answer administer(String path, JsonNode body, Duration deadline)
      throws EngineTroubleException, InterruptedException {
    HttpRequest request =
        request(path, deadline)
            .method(
                body == null ? "GET" : "POST",
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()))
            .build();
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() < 500) {
          return new Answer(response.statusCode(), tree(response.body()));
        }
        if (attempt == ATTEMPTS) {
          throw new EngineTroubleException(said(path, response));
        }
      } catch (HttpTimeoutException e) {
        throw new EngineTroubleException(
            "%s does not answer %s within %d s".formatted(name, path, deadline.toSeconds()), e);
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw unreachable(path, e);
        }
      }
      Thread.sleep(deadlines.pause());
    }
  }

  /**
   * As {@link #administer}, for calls that must be taken.
   *
   * @throws EngineTroubleException if it is refused, or comes to nothing
   */
  JsonNode require(String path, JsonNode body, Duration deadline)
      throws EngineTroubleException, InterruptedException {
    Answer answer = administer(path, body, deadline);
    if (!answer.ok()) {
      throw new EngineTroubleException(
          "%s refuses %s with status %d: %s"
              .formatted(name, path, answer.status(), shown(answer.body().toString())));
    }
    return answer.body();
  }

  /** Reads a segment from what a server answers. */
  interface SegmentParser {
    Segment segment(JsonNode answer) throws BadAnswerException;
  }

  /**
   * Asks for a segment: an attempt, whatever comes of it.
   *
   * @param abortPath where a request is aborted, with this body: as with the end of its connection,
   *     the server forgets it
   */
  Generation generate(
      String path, byte[] json, SegmentParser parser, String abortPath, JsonNode abort) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(
            request(path, deadlines.generation()).POST(BodyPublishers.ofByteArray(json)).build(),
            BodyHandlers.ofByteArray());
    CompletableFuture<Segment> result =
        sent.handle(
            (response, failure) -> {
              try {
                if (failure != null) {
                  throw unreachable(path, failure);
                }
                return parser.segment(body(path, response));
              } catch (EngineTroubleException | BadAnswerException e) {
                throw new CompletionException(e);
              }
            });
    return new Generation(
        result,
        () -> {
          sent.cancel(true);
          postAndForget(abortPath, abort, ATTEMPTS);
        });
  }

  /** Posts what may be said twice and need not succeed, and does not wait. */
  private void postAndForget(String path, JsonNode body, int attempts) {
    BodyPublisher json = BodyPublishers.ofString(body.toString());
    var _ =
        client
            .sendAsync(
                request(path, deadlines.administration()).POST(json).build(),
                BodyHandlers.discarding())
            .whenComplete(
                (_, failure) -> {
                  if (failure != null && attempts > 1) {
                    postAndForget(path, body, attempts - 1);
                  }
                });
  }

  /**
   * The body of an answer with good news.
   *
   * @throws EngineTroubleException for an error of the server, which may pass
   * @throws RefusedByEngineException for one of the request
   * @throws BadAnswerException if it is no JSON
   */
  private JsonNode body(String path, HttpResponse<byte[]> response)
      throws EngineTroubleException, BadAnswerException {
    if (response.statusCode() >= 500 || response.statusCode() == 429) {
      throw new EngineTroubleException(said(path, response));
    }
    if (response.statusCode() / 100 != 2) {
      throw new RefusedByEngineException(said(path, response));
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new BadAnswerException(AnswerFault.MALFORMED, shown(String.valueOf(e.getMessage())));
    }
  }

  /** What became of a call that failed on its way. */
  private EngineTroubleException unreachable(String path, Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    return new EngineTroubleException(
        "%s can't be reached for %s: %s".formatted(name, path, cause), cause);
  }

  private HttpRequest.Builder request(String path, Duration deadline) {
    return HttpRequest.newBuilder(root.resolve(path))
        .timeout(deadline)
        .header("Content-Type", "application/json");
  }

  private String said(String path, HttpResponse<byte[]> response) {
    return "%s answers %s with status %d: %s"
        .formatted(
            name,
            path,
            response.statusCode(),
            shown(new String(response.body(), StandardCharsets.UTF_8)));
  }

  /** An answer to a call that administers may be a bare text, or nothing. */
  private static JsonNode tree(byte[] body) throws IOException {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.getNodeFactory().textNode(new String(body, StandardCharsets.UTF_8));
    }
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

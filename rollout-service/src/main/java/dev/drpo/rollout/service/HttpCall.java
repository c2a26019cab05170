package dev.drpo.rollout.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.rollout.openai.ApiException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;

/**
 * One HTTP request while it is answered by another thread. Whatever that thread writes is written
 * on the event loop, and never once the caller has left.
 */
final class HttpCall {
  private static final String JSON = "application/json";
  private static final String EVENT_STREAM = "text/event-stream";

  private final HttpServerResponse response;
  private final Context context;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Takes a request over; to be called on its event loop. */
  HttpCall(RoutingContext request) {
    this.response = request.response();
    this.context = Vertx.currentContext();
    request.addEndHandler(result -> ended.complete(null));
  }

  /** Runs an action when the call is over, or now if it is. */
  void whenEnded(Runnable action) {
    var _ = ended.thenRun(action);
  }

  /** Answers with one JSON object. */
  void send(int status, JsonNode body) {
    write(
        () ->
            response
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(body + "\n"));
  }

  /** Writes an object of a stream of server-sent events, which begins with the first. */
  void sendEvent(JsonNode data) {
    String event = event(data.toString());
    write(
        () -> {
          beginEvents();
          response.write(event);
        });
  }

  /** Ends a stream of events as the OpenAI API does. */
  void endEvents() {
    write(
        () -> {
          beginEvents();
          response.end(event("[DONE]"));
        });
  }

  /** Answers with an error, which in a stream that has begun is its last event. */
  void refuse(ApiException error) {
    write(
        () -> {
          if (response.headWritten()) {
            response.end(event(error.toJson().toString()));
          } else {
            response
                .setStatusCode(error.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(error.toJson() + "\n");
          }
        });
  }

  private void beginEvents() {
    if (!response.headWritten()) {
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    }
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private void write(Runnable write) {
    context.runOnContext(
        ignored -> {
          // On the connection's event loop, the call can't end between the look and the write.
          if (!ended.isDone()) {
            write.run();
          }
        });
  }
}

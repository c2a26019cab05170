package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A server that answers chat completions by a script, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();
  private final Deque<Reply> refusals = new ArrayDeque<>();
  private final HttpServer server;
  private volatile Reply answer;

  record Reply(int status, String body) {}

  /** Serves one model, {@code m}. */
  FakeServer(String answer) throws IOException {
    this.answer = new Reply(200, answer);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/models", exchange -> reply(exchange, new Reply(200, "{\"data\": [{\"id\": \"m\"}]}")));
    server.createContext("/v1/chat/completions", this::chat);
    server.start();
  }

  /** The next request is refused; may be called again for the one after it. */
  synchronized void refuse(int status, String body) {
    refusals.add(new Reply(status, body));
  }

  void answer(int status, String body) {
    answer = new Reply(status, body);
  }

  private synchronized void chat(HttpExchange exchange) throws IOException {
    asked.add(MAPPER.readTree(exchange.getRequestBody()));
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    reply(exchange, refusals.isEmpty() ? answer : refusals.remove());
  }

  private static void reply(HttpExchange exchange, Reply reply) throws IOException {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  URI api() {
    return URI.create(address() + "/v1");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package dev.drpo.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Serves the page on this machine's loopback address, by the JDK's own server. */
public final class DashboardServer implements AutoCloseable {
  /** A page elsewhere could have its own name looked up as this machine's address. */
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

  private static final int NO_BODY = -1;
  private static final int UNKNOWN_LENGTH = 0;

  private final Dashboard dashboard;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private DashboardServer(Dashboard dashboard, HttpServer server) {
    this.dashboard = dashboard;
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param port to listen on; 0 for any that is free
   * @throws IOException if somebody else listens there
   */
  public static DashboardServer start(Dashboard dashboard, int port) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    DashboardServer server = new DashboardServer(dashboard, http);
    http.setExecutor(server.threads);
    http.createContext("/", server::handle);
    http.start();
    return server;
  }

  /** The page's address. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + Dashboard.PREFIX);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Dashboard.HEADERS.forEach(exchange.getResponseHeaders()::set);
      String host = exchange.getRequestHeaders().getFirst("Host");
      String path = exchange.getRequestURI().getPath();
      if (host == null || !THIS_MACHINE.matcher(host).matches()) {
        send(exchange, Answer.refusal(403, "the page is for this machine; ask for 127.0.0.1"));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, Answer.refusal(405, "the page is only read; use GET"));
      } else if (path.equals(Dashboard.PREFIX + Dashboard.EVENTS)) {
        stream(exchange);
      } else if (path.startsWith(Dashboard.PREFIX)) {
        send(
            exchange,
            dashboard.get(
                path.substring(Dashboard.PREFIX.length()), exchange.getRequestURI().getRawQuery()));
      } else {
        exchange.getResponseHeaders().set("Location", Dashboard.PREFIX);
        exchange.sendResponseHeaders(302, NO_BODY);
      }
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  private void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, UNKNOWN_LENGTH);
    Feed feed =
        dashboard.feed(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
    OutputStream out = exchange.getResponseBody();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        out.write(feed.next().getBytes(StandardCharsets.UTF_8));
        out.flush();
        Thread.sleep(Feed.PACE);
      }
    } catch (InterruptedException e) {
      // The server stops; the page asks again until there is another.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}

package dev.drpo.simulation.traces;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.drpo.runtime.tracing.Tracing;
import dev.drpo.service.tracing.OtlpTracing;
import dev.drpo.simulation.machine.Host;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans by OTLP over HTTP, as OpenTelemetry publishes it. */
public final class TraceCollector implements AutoCloseable {
  private final HttpServer server;
  private final double share;
  private final Map<String, OtlpTracing> senders = new ConcurrentHashMap<>();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

  /** A span, and the process that it comes from. */
  public record Seen(String replica, Span span) {
    /** An attribute as text. */
    public String text(String key) {
      return value(span.getAttributesList(), key).getStringValue();
    }

    /** An attribute as number. */
    public long number(String key) {
      return value(span.getAttributesList(), key).getIntValue();
    }
  }

  /**
   * Opens it on a free port.
   *
   * @param share of groups that are traced
   */
  public TraceCollector(double share) throws IOException {
    this.share = share;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    for (ResourceSpans of :
        ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList()) {
      String replica =
          value(of.getResource().getAttributesList(), "service.instance.id").getStringValue();
      of.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> seen.add(new Seen(replica, span)));
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static AnyValue value(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key + " among " + attributes))
        .getValue();
  }

  /** What a process sends by. */
  public Tracing of(Host host) {
    return sender(host.name());
  }

  /** What a process of some name sends by. */
  public Tracing sender(String replica) {
    URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/v1/traces");
    return senders.computeIfAbsent(
        replica, name -> new OtlpTracing(address, share, "drpo-" + name, name));
  }

  /** Has everybody send what they have, and gives all spans. */
  public List<Seen> all() {
    senders.values().forEach(OtlpTracing::close);
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

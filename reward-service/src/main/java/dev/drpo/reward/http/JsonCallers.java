package dev.drpo.reward.http;

import dev.drpo.service.callers.Callers;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Has requests over HTTP admitted before their bodies are read. */
@Singleton
class JsonCallers {
  /** Asked for late: filters are made before a service has its configuration, in a build even. */
  private final Provider<Callers> callers;

  JsonCallers(Provider<Callers> callers) {
    this.callers = callers;
  }

  @ServerRequestFilter(nonBlocking = true)
  void admit(RoutingContext http) {
    HttpServerRequest request = http.request();
    Callers.Call call =
        callers
            .get()
            .begin(
                request.getHeader(HttpHeaders.AUTHORIZATION),
                request.remoteAddress().hostAddress());
    http.addEndHandler(end -> call.close());
    call.request(length(request.getHeader(HttpHeaders.CONTENT_LENGTH)));
  }

  /** Of a body without one, no more is read than a caller may send. */
  private static long length(String header) {
    return header == null ? 0 : Long.parseLong(header);
  }
}

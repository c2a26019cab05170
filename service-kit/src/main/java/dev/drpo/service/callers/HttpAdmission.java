package dev.drpo.service.callers;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;

/** Has requests over HTTP admitted before their bodies are read. Safe for use by many threads. */
@Singleton
public class HttpAdmission {
  /** Asked for late: filters are made before a service has its configuration, in a build even. */
  private final Provider<Callers> callers;

  HttpAdmission(Provider<Callers> callers) {
    this.callers = callers;
  }

  /**
   * Admits a request until its end.
   *
   * @throws CallerRefusedException if its caller is unknown, or asks too much
   */
  public void admit(RoutingContext http) {
    HttpServerRequest request = http.request();
    Callers.Call call =
        callers
            .get()
            .begin(
                request.getHeader(HttpHeaderNames.AUTHORIZATION),
                request.remoteAddress().hostAddress());
    // Once its answer is written, and at the latest when the request has ended, answered or not.
    http.addBodyEndHandler(_ -> call.close());
    http.addEndHandler(_ -> call.close());
    call.request(length(request.getHeader(HttpHeaderNames.CONTENT_LENGTH)));
  }

  /** Of a body without one, no more is read than a caller may send. */
  private static long length(String header) {
    return header == null ? 0 : Long.parseLong(header);
  }
}

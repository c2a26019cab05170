package dev.drpo.reward.call;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sees every call first, to give it what the gRPC server that shares the port of HTTP leaves out.
 *
 * <p>That server knows no deadlines. It reports a caller's cancellation to a method only while the
 * request is still being received; the end of the stream itself is always reported, on the stream's
 * event loop. And it refuses a message over the size limit without a word about the limit.
 */
@Singleton
class CallFilter {
  /** Before every route, so that the call is known when a method is called. */
  private static final int FIRST = 1000;

  private static final String RESOURCE_EXHAUSTED = "8";

  private final int largestMessage;

  CallFilter(
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestMessage) {
    this.largestMessage = largestMessage;
  }

  void watch(@Observes Filters filters) {
    filters.register(this::attach, FIRST);
  }

  private void attach(RoutingContext request) {
    Call.attach(request, Deadline.ofHeader(request.request().getHeader("grpc-timeout")));
    request.addHeadersEndHandler(ignored -> nameTheLimit(request.response().headers()));
    request.next();
  }

  private void nameTheLimit(MultiMap headers) {
    if (RESOURCE_EXHAUSTED.equals(headers.get("grpc-status"))
        && !headers.contains("grpc-message")) {
      headers.set("grpc-message", RefusedException.tooLarge(largestMessage).getMessage());
    }
  }
}

package dev.drpo.rollout.service;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/**
 * Tells a call when its stream has ended, whoever ended it. On the port that HTTP and gRPC share,
 * the server reports a caller's cancellation to a gRPC method only while the request is still being
 * received, which is long over when a response streams; the end of the HTTP/2 stream is reported
 * always.
 */
@Singleton
class CallEnd {
  private static final String KEY = CallEnd.class.getName();

  /** Before every route, so that the signal is there when a method is called. */
  private static final int FIRST = 1000;

  void watch(@Observes Filters filters) {
    filters.register(CallEnd::attach, FIRST);
  }

  private static void attach(RoutingContext call) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    call.addEndHandler(result -> ended.complete(null));
    Vertx.currentContext().putLocal(KEY, ended);
    call.next();
  }

  /** Completes when the stream of the call that runs on this context has ended. */
  static CompletableFuture<Void> ofThisCall() {
    Context context = Vertx.currentContext();
    CompletableFuture<Void> ended = context == null ? null : context.getLocal(KEY);
    if (ended == null) {
      throw new IllegalStateException(
          "a gRPC method has to be called on its HTTP request's context");
    }
    return ended;
  }
}

package dev.drpo.rollout.service;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;

/**
 * Ends the work of a call together with the call's HTTP/2 stream, whoever ended that.
 *
 * <p>On the port that HTTP and gRPC share, the server reports a caller's cancellation to a gRPC
 * method only while the request is still being received, which is long over when a response
 * streams; and an answer on a stream that the caller has reset closes the connection under its
 * other calls. The end of the stream itself is always reported, on the stream's event loop.
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

  /**
   * Answers the call that runs on this context; when its stream has ended, the subscription is
   * cancelled and nothing more is written.
   */
  static <T> Multi<T> bound(Multi<T> answer) {
    Context context = Vertx.currentContext();
    CompletableFuture<Void> ended = context == null ? null : context.getLocal(KEY);
    if (ended == null) {
      throw new IllegalStateException("a gRPC method must be called on its HTTP request's context");
    }
    // On the stream's event loop, the stream can't end between the look and the write.
    Multi<T> onLoop = answer.emitOn(task -> context.runOnContext(ignored -> task.run()));
    return Multi.createFrom().emitter(out -> relay(onLoop, out, ended));
  }

  private static <T> void relay(
      Multi<T> answer, MultiEmitter<? super T> out, CompletableFuture<Void> ended) {
    Cancellable subscription =
        answer
            .subscribe()
            .with(
                item -> unless(ended, () -> out.emit(item)),
                failure -> unless(ended, () -> out.fail(failure)),
                () -> unless(ended, out::complete));
    out.onTermination(subscription::cancel);
    var _ = ended.thenRun(subscription::cancel);
  }

  private static void unless(CompletableFuture<Void> ended, Runnable write) {
    if (!ended.isDone()) {
      write.run();
    }
  }
}

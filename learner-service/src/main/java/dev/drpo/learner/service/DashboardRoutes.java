package dev.drpo.learner.service;

import dev.drpo.dashboard.Answer;
import dev.drpo.dashboard.Dashboard;
import dev.drpo.dashboard.Feed;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Serves the run's page on the learner's HTTP port, each request on a virtual thread. */
@Singleton
class DashboardRoutes {
  private static final Logger LOG = Logger.getLogger(DashboardRoutes.class);

  /** Pages that are open at a time. */
  private static final int MOST_READERS = 32;

  private static final int WRITE_PATIENCE_SECONDS = 30;

  private final LearnerPage page;
  private final Set<Thread> readers = ConcurrentHashMap.newKeySet();

  /** Streams end before the framework waits for requests under way, of which they are. */
  private final Thread ending = new Thread(this::endStreams, "dashboard-ending");

  DashboardRoutes(LearnerPage page) {
    this.page = page;
  }

  void register(@Observes Router router) {
    router.get("/").handler(DashboardRoutes::redirect);
    router.get(Dashboard.PREFIX + Dashboard.EVENTS).handler(on("dashboard-events", this::stream));
    router.get(Dashboard.PREFIX + "*").handler(on("dashboard", this::answer));
    router.get("/dashboard").handler(on("dashboard", this::answer));
    Runtime.getRuntime().addShutdownHook(ending);
  }

  @PreDestroy
  void endStreams() {
    readers.forEach(Thread::interrupt);
  }

  private interface Work {
    void of(RoutingContext request) throws InterruptedException;
  }

  private static Handler<RoutingContext> on(String thread, Work work) {
    return request ->
        Thread.ofVirtual()
            .name(thread)
            .start(
                () -> {
                  try {
                    work.of(request);
                  } catch (InterruptedException e) {
                    request.response().end();
                  } catch (RuntimeException e) {
                    LOG.error("the page could not be served", e);
                    request.fail(e);
                  }
                });
  }

  private static void redirect(RoutingContext request) {
    request.response().setStatusCode(302).putHeader("Location", Dashboard.PREFIX).end();
  }

  private void answer(RoutingContext request) {
    String path = request.normalizedPath();
    // Routes match with a slash at the end and without one; the page's own names need it.
    if (!path.startsWith(Dashboard.PREFIX)) {
      redirect(request);
      return;
    }
    Answer answer =
        page.dashboard().get(path.substring(Dashboard.PREFIX.length()), request.request().query());
    headed(request)
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.type())
        .end(Buffer.buffer(answer.body()));
  }

  private static HttpServerResponse headed(RoutingContext request) {
    Dashboard.HEADERS.forEach(request.response()::putHeader);
    return request.response();
  }

  private void stream(RoutingContext request) throws InterruptedException {
    HttpServerResponse response = headed(request);
    if (readers.size() >= MOST_READERS || page.isOver()) {
      response.setStatusCode(503).end();
      return;
    }
    readers.add(Thread.currentThread());
    try {
      response.putHeader("Content-Type", "text/event-stream; charset=utf-8").setChunked(true);
      feed(
          page.dashboard().feed(Optional.ofNullable(request.request().getHeader("Last-Event-ID"))),
          response);
    } finally {
      readers.remove(Thread.currentThread());
    }
  }

  private void feed(Feed feed, HttpServerResponse response) throws InterruptedException {
    try {
      boolean over = false;
      while (!over && !response.closed()) {
        // Asked before, so that the last state is told.
        over = page.isOver();
        String events = feed.next();
        if (!events.isEmpty()) {
          response
              .write(events)
              .toCompletionStage()
              .toCompletableFuture()
              .get(WRITE_PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        Thread.sleep(Feed.PACE);
      }
      response.end();
    } catch (ExecutionException | TimeoutException e) {
      // The reader has left, or stopped reading.
      response.reset();
    } catch (IOException e) {
      LOG.warnf("the page's events can't be read: %s", e.getMessage());
      response.end();
    }
  }
}

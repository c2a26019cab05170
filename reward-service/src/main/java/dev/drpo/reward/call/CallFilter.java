package dev.drpo.reward.call;

import dev.drpo.reward.RewardMeters;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sees every request first, to give calls what the gRPC server that shares the port of HTTP leaves
 * out.
 *
 * <p>That server knows no deadlines. It reports a caller's cancellation to a method only while the
 * request is still being received; the end of the stream itself is always reported, on the stream's
 * event loop. It keeps whatever arrives, however many callers there are, and refuses a message over
 * the size limit without a word about the limit.
 */
@Singleton
class CallFilter {
  /** Before every route, so that the call is known when a method is called. */
  private static final int FIRST = 1000;

  /** What a call costs beside its messages, roughly. */
  private static final int CALL_BYTES = 16 << 10;

  /** A probe's message holds the name of a service. */
  private static final int LARGEST_PROBE = 1 << 10;

  /** Probes have room of their own, since a service that is busy is well. */
  private static final int PROBES_BYTES = 1 << 20;

  private static final String GRPC = "application/grpc";
  private static final String HEALTH = "/grpc.health.";
  private static final String JSON_ROUTES = "/v1/";

  private final Vertx vertx;
  private final Admission admission;
  private final Admission probes;
  private final int largestMessage;
  private Router router;

  CallFilter(
      Vertx vertx,
      Admission admission,
      RewardMeters meters,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestMessage) {
    this.vertx = vertx;
    this.admission = admission;
    this.probes = new Admission(PROBES_BYTES, meters);
    this.largestMessage = largestMessage;
  }

  void know(@Observes Router routes) {
    router = routes;
  }

  void watch(@Observes Filters filters) {
    filters.register(this::see, FIRST);
  }

  /** Sends a call's request through the routes a second time, so that all see its admitted body. */
  private void see(RoutingContext routing) {
    boolean grpc = isGrpc(routing.request());
    if (!grpc && !routing.request().path().startsWith(JSON_ROUTES)) {
      routing.next();
      return;
    }
    Call.underWay()
        .ifPresentOrElse(
            call -> begin(call, routing, grpc),
            () -> router.handle(admitted(routing.request(), grpc)));
  }

  private AdmittedRequest admitted(HttpServerRequest request, boolean grpc) {
    boolean probe = grpc && request.path().startsWith(HEALTH);
    Optional<Deadline> deadline = Deadline.ofHeader(request.getHeader("grpc-timeout"));
    Call call = Call.open(deadline, probe ? probes : admission);
    Patience patience = new Patience(vertx, call);
    return new AdmittedRequest(
        request,
        call,
        grpc
            ? new MessageIntake(call, patience, probe ? LARGEST_PROBE : largestMessage)
            : new BodyIntake(call, patience));
  }

  private static void begin(Call call, RoutingContext routing, boolean grpc) {
    Consumer<RefusedException> refusal =
        grpc ? refused -> refuse(routing.response(), refused) : routing::fail;
    call.attach(routing, refusal);
    try {
      call.charge(CALL_BYTES);
    } catch (RefusedException busy) {
      call.refuse(busy);
      return;
    }
    routing.next();
  }

  private static boolean isGrpc(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith(GRPC);
  }

  /** Ends a call in gRPC's way: the status travels behind the results, if there are any. */
  private static void refuse(HttpServerResponse response, RefusedException refused) {
    MultiMap status =
        response.headWritten()
            ? response.trailers()
            : response.headers().set(HttpHeaders.CONTENT_TYPE, GRPC);
    status.set("grpc-status", String.valueOf(refused.code().value()));
    status.set("grpc-message", refused.getMessage());
    response.end();
  }
}

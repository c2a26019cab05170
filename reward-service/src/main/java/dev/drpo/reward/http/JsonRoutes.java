package dev.drpo.reward.http;

import com.google.protobuf.Message;
import dev.drpo.proto.reward.v1.EvaluateGroupRequest;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.ExplainRequest;
import dev.drpo.reward.call.Call;
import dev.drpo.reward.call.Refusal;
import dev.drpo.reward.call.RefusedException;
import dev.drpo.reward.call.Workers;
import dev.drpo.reward.evaluation.Evaluations;
import io.grpc.Status;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.BiFunction;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The judge for callers without gRPC: the same messages in protobuf's JSON mapping. What is not 200
 * has an {@link dev.drpo.proto.reward.v1.Error} for its body.
 */
@Singleton
class JsonRoutes {
  private static final String JSON = "application/json";
  private static final String PREFIX = "/v1/";

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int TOO_LARGE = 413;
  private static final int UNSUPPORTED_TYPE = 415;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;

  /** Of nginx: the caller left. Nobody is there to read it; it is for logs of HTTP. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private static final int GATEWAY_TIMEOUT = 504;

  private final Evaluations evaluations;
  private final Workers workers;
  private final int largestBody;

  JsonRoutes(
      Evaluations evaluations,
      Workers workers,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestBody) {
    this.evaluations = evaluations;
    this.workers = workers;
    this.largestBody = largestBody;
  }

  void add(@Observes Router router) {
    route(router, "evaluate", EvaluateRequest.getDefaultInstance(), evaluations::evaluate);
    route(
        router,
        "evaluate-group",
        EvaluateGroupRequest.getDefaultInstance(),
        evaluations::evaluateGroup);
    route(router, "explain", ExplainRequest.getDefaultInstance(), evaluations::explain);
    router.route(PREFIX + "*").last().handler(JsonRoutes::refuseUnknown);
  }

  private <T extends Message> void route(
      Router router, String name, T empty, BiFunction<T, Call, Message> work) {
    String path = PREFIX + name;
    router.route(path).handler(JsonRoutes::requirePostedJson);
    router
        .route(path)
        .handler(BodyHandler.create(false).setBodyLimit(largestBody))
        .handler(request -> answer(request, empty, work))
        .failureHandler(this::fail);
  }

  private static void requirePostedJson(RoutingContext request) {
    if (!request.request().method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
      refuse(
          request,
          METHOD_NOT_ALLOWED,
          "the method is %s; POST a JSON object".formatted(request.request().method()));
      return;
    }
    String type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (!isJson(type)) {
      refuse(
          request,
          UNSUPPORTED_TYPE,
          "%s; send a JSON object with the header Content-Type: %s"
              .formatted(
                  type == null ? "there is no content type" : "the content type is " + type, JSON));
    } else {
      request.next();
    }
  }

  private static void refuseUnknown(RoutingContext request) {
    refuse(
        request,
        NOT_FOUND,
        new Refusal(
            Status.Code.UNIMPLEMENTED,
            "there is no %s; POST to /v1/evaluate, /v1/evaluate-group or /v1/explain"
                .formatted(request.request().path())));
  }

  private static boolean isJson(String contentType) {
    return contentType != null
        && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
  }

  private <T extends Message> void answer(
      RoutingContext request, T empty, BiFunction<T, Call, Message> work) {
    Call call = Call.of(request);
    byte[] body =
        request.body().buffer() == null ? new byte[0] : request.body().buffer().getBytes();
    workers.execute(
        () -> {
          try {
            String answer = JsonAnswer.of(work.apply(JsonRequest.parse(body, empty), call));
            call.reply(() -> send(request, 200, answer));
          } catch (Throwable failure) {
            // Whatever it is, a caller must not be left waiting.
            Refusal refusal = Refusal.of(failure);
            call.reply(() -> refuse(request, status(refusal.code()), refusal));
          }
        });
  }

  private void fail(RoutingContext request) {
    if (request.failure() instanceof VertxException || request.response().ended()) {
      // The connection is gone, or the caller has been told.
      return;
    }
    if (request.statusCode() == TOO_LARGE) {
      refuse(request, TOO_LARGE, Refusal.of(RefusedException.tooLarge(largestBody)));
    } else {
      Refusal refusal = Refusal.of(request.failure());
      refuse(request, status(refusal.code()), refusal);
    }
  }

  private static int status(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> BAD_REQUEST;
      case RESOURCE_EXHAUSTED -> TOO_MANY_REQUESTS;
      case DEADLINE_EXCEEDED -> GATEWAY_TIMEOUT;
      case CANCELLED -> CLIENT_CLOSED_REQUEST;
      default -> INTERNAL_ERROR;
    };
  }

  private static void refuse(RoutingContext request, int status, String message) {
    refuse(request, status, new Refusal(Status.Code.INVALID_ARGUMENT, message));
  }

  private static void refuse(RoutingContext request, int status, Refusal refusal) {
    send(request, status, JsonAnswer.of(refusal.toMessage()));
  }

  private static void send(RoutingContext request, int status, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(body + "\n");
  }
}

package dev.drpo.reward.http;

import dev.drpo.reward.call.RefusedException;
import dev.drpo.service.callers.CallerRefusedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Why a request over HTTP is not answered, as an {@link dev.drpo.proto.reward.v1.Error}. */
@Singleton
class JsonRefusals {
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int TOO_LARGE = 413;
  private static final int UNSUPPORTED_TYPE = 415;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;

  /** Of nginx: the caller left. Nobody is there to read it; it is for logs of HTTP. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private static final int GATEWAY_TIMEOUT = 504;

  @ServerExceptionMapper
  Response refused(RefusedException refused) {
    return reply(status(refused), refused);
  }

  @ServerExceptionMapper
  Response refused(CallerRefusedException refused) {
    Response.ResponseBuilder refusal = Response.fromResponse(refused(RefusedException.of(refused)));
    if (refused.kind() == CallerRefusedException.Kind.UNKNOWN_CALLER) {
      refusal.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    refused
        .retryAfterSeconds()
        .ifPresent(pause -> refusal.header(CallerRefusedException.RETRY_AFTER, pause));
    return refusal.build();
  }

  @ServerExceptionMapper
  Response failed(Throwable failure) {
    return refused(RefusedException.of(failure));
  }

  @ServerExceptionMapper
  Response notPosted(NotAllowedException notAllowed, Request request) {
    Response refusal =
        reply(
            METHOD_NOT_ALLOWED,
            RefusedException.invalid(
                "the method is %s; POST a JSON object".formatted(request.getMethod())));
    return Response.fromResponse(refusal).header(HttpHeaders.ALLOW, "POST").build();
  }

  @ServerExceptionMapper
  Response notFound(NotFoundException notFound, UriInfo address) {
    return reply(
        NOT_FOUND,
        RefusedException.unknown(
            "there is no %s; POST to /v1/evaluate, /v1/evaluate-group or /v1/explain"
                .formatted(address.getRequestUri().getRawPath())));
  }

  /**
   * Refuses a body that is not sent as JSON.
   *
   * @param type as the caller named it, or null
   */
  static Response wrongType(String type) {
    return reply(
        UNSUPPORTED_TYPE,
        RefusedException.invalid(
            "%s; send a JSON object with the header Content-Type: %s"
                .formatted(
                    type == null ? "there is no content type" : "the content type is " + type,
                    JsonResource.JSON)));
  }

  private static Response reply(int status, RefusedException refused) {
    return JsonResource.reply(status, refused.toMessage());
  }

  private static int status(RefusedException refused) {
    return switch (refused.code()) {
      case INVALID_ARGUMENT -> BAD_REQUEST;
      case UNAUTHENTICATED -> UNAUTHORIZED;
      case RESOURCE_EXHAUSTED -> refused.isPassing() ? TOO_MANY_REQUESTS : TOO_LARGE;
      case DEADLINE_EXCEEDED -> GATEWAY_TIMEOUT;
      case CANCELLED -> CLIENT_CLOSED_REQUEST;
      default -> INTERNAL_ERROR;
    };
  }
}

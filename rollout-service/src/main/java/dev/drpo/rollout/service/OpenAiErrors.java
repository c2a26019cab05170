package dev.drpo.rollout.service;

import dev.drpo.rollout.openai.ApiException;
import dev.drpo.service.callers.CallerRefusedException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Errors as the OpenAI API tells them. */
public class OpenAiErrors {
  /** What the engine of another process is asked without being changed. */
  private static final Set<String> TOLD = Set.of("/health", "/weight_info");

  @ServerExceptionMapper
  Response refused(ApiException error) {
    return answer(error).build();
  }

  @ServerExceptionMapper
  Response unknownPath(NotFoundException error, UriInfo uri) {
    return answer(ApiException.unknownPath(uri.getPath())).build();
  }

  @ServerExceptionMapper
  Response wrongMethod(NotAllowedException error, ContainerRequestContext request) {
    // The exception does not name the methods that a path has; here each has one.
    String path = request.getUriInfo().getPath();
    String allowed =
        path.startsWith("/v1/models") || TOLD.contains(path) ? HttpMethod.GET : HttpMethod.POST;
    return answer(ApiException.wrongMethod(request.getMethod(), allowed))
        .header(HttpHeaders.ALLOW, allowed)
        .build();
  }

  @ServerExceptionMapper
  Response refused(CallerRefusedException refused) {
    String reason = refused.getMessage();
    Response.ResponseBuilder answer =
        answer(
            switch (refused.kind()) {
              case UNKNOWN_CALLER -> ApiException.unknownCaller(reason);
              case TOO_LARGE -> ApiException.tooLarge(reason);
              case TOO_MUCH -> ApiException.tooMuch(reason);
            });
    if (refused.kind() == CallerRefusedException.Kind.UNKNOWN_CALLER) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    refused
        .retryAfterSeconds()
        .ifPresent(pause -> answer.header(CallerRefusedException.RETRY_AFTER, pause));
    return answer.build();
  }

  private static Response.ResponseBuilder answer(ApiException error) {
    return Response.status(error.status())
        .type(MediaType.APPLICATION_JSON)
        .entity(error.toJson() + "\n");
  }
}

package dev.drpo.rollout.service;

import dev.drpo.service.callers.HttpAdmission;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Admits requests before they reach a resource. */
@Singleton
class OpenAiCallers {
  private final HttpAdmission admission;

  OpenAiCallers(HttpAdmission admission) {
    this.admission = admission;
  }

  @ServerRequestFilter(nonBlocking = true)
  void admit(RoutingContext http) {
    admission.admit(http);
  }
}

package dev.drpo.reward.http;

import dev.drpo.service.callers.HttpAdmission;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Admits requests before they reach a resource. */
@Singleton
class JsonCallers {
  private final HttpAdmission admission;

  JsonCallers(HttpAdmission admission) {
    this.admission = admission;
  }

  @ServerRequestFilter(nonBlocking = true)
  void admit(RoutingContext http) {
    admission.admit(http);
  }
}

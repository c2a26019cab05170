package dev.drpo.service;

import dev.drpo.runtime.config.RunConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * What the plain HTTP port serves beside one with TLS: health and metrics alone, since a platform's
 * probes have no certificate to show.
 */
@Singleton
class PlainHttp {
  /** Ahead of everything else that handles a request. */
  private static final int FIRST = 10_000;

  private static final int FORBIDDEN = 403;
  private static final Set<String> ALONE = Set.of("/q/health", "/q/metrics");

  private final boolean isRestricted;

  PlainHttp(RunConfig configuration) {
    this.isRestricted = configuration.tls().shows();
  }

  void restrict(@Observes Filters filters) {
    if (isRestricted) {
      filters.register(PlainHttp::admit, FIRST);
    }
  }

  private static void admit(RoutingContext call) {
    if (call.request().isSSL() || isServed(call.normalizedPath())) {
      call.next();
    } else {
      call.response()
          .setStatusCode(FORBIDDEN)
          .putHeader("Content-Type", "text/plain")
          .end(
              "over plain HTTP this service answers /q/health and /q/metrics alone; call its port"
                  + " for HTTPS (8443)\n");
    }
  }

  private static boolean isServed(String path) {
    return ALONE.contains(path) || path.startsWith("/q/health/");
  }
}

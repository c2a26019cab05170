package dev.drpo.service;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TlsConfig;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.value.registry.ValueRegistry;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.net.BindException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells how gRPC is served, and ends a service whose gRPC port another process has. Quarkus does
 * that for the HTTP port, but would go on without gRPC.
 */
@Singleton
class GrpcPort {
  private static final Logger LOG = Logger.getLogger(GrpcPort.class);

  private final ValueRegistry bound;
  private final String host;
  private final int port;
  private final TlsConfig tls;

  GrpcPort(
      ValueRegistry bound,
      @ConfigProperty(name = "quarkus.grpc.server.host") String host,
      @ConfigProperty(name = "quarkus.grpc.server.port") int port,
      RunConfig configuration) {
    this.bound = bound;
    this.host = host;
    this.port = port;
    this.tls = configuration.tls();
  }

  /** Before the service's own start, which may take long. */
  void require(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event)
      throws QuarkusBindException {
    if (!bound.containsKey(GrpcServer.GRPC_PORT)) {
      throw new QuarkusBindException(host, port, new BindException("Address already in use"));
    }
    LOG.infof(
        "gRPC is served on %s:%d, %s",
        host,
        bound.get(GrpcServer.GRPC_PORT),
        !tls.shows()
            ? "not encrypted"
            : tls.asksCallers()
                ? "over TLS, to callers who show a certificate"
                : "over TLS, to any caller");
  }
}

package dev.drpo.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import dev.drpo.runtime.tls.RenewedSslContext;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * TLS of a service's two servers. HTTP has it from Quarkus's registry of certificates, which reads
 * the files again every half minute; gRPC's own server, which the registry does not reach, is told
 * when it has.
 */
@Singleton
class ServedTls
    implements ServerBuilderCustomizer<VertxServerBuilder>, HttpServerOptionsCustomizer {
  private static final Logger LOG = Logger.getLogger(ServedTls.class);

  private final TlsConfig tls;
  private volatile RenewedSslContext grpc;

  ServedTls(RunConfig configuration) {
    this.tls = configuration.tls();
  }

  @Override
  public void customize(GrpcServerConfiguration configuration, VertxServerBuilder server) {
    if (tls.shows()) {
      grpc = new RenewedSslContext(GrpcTls.server(tls));
      server.nettyBuilder().sslContext(grpc);
    }
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    if (tls.asksCallers()) {
      options.setClientAuth(ClientAuth.REQUIRED);
    }
  }

  void renewed(@Observes CertificateUpdatedEvent event) {
    if (grpc == null || !event.name().equals(HttpTlsSettings.NAME)) {
      return;
    }
    try {
      grpc.renew(GrpcTls.server(tls));
    } catch (ConfigException e) {
      LOG.warnf("gRPC goes on with the certificate that it has: %s", e.getMessage());
    }
  }
}

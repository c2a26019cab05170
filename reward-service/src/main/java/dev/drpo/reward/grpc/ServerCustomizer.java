package dev.drpo.reward.grpc;

import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.inject.Singleton;

/** Gives the gRPC server what no key configures. */
@Singleton
class ServerCustomizer implements ServerBuilderCustomizer<VertxServerBuilder> {
  private final Intakes intakes;

  ServerCustomizer(Intakes intakes) {
    this.intakes = intakes;
  }

  @Override
  public void customize(GrpcServerConfiguration configuration, VertxServerBuilder server) {
    server.addStreamTracerFactory(intakes);
  }
}

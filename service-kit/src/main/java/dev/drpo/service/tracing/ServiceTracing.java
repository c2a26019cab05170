package dev.drpo.service.tracing;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TracingConfig;
import dev.drpo.runtime.tracing.Tracing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;

/** Makes a service's tracing. Knows OpenTelemetry only where a collector is named. */
public final class ServiceTracing {
  private ServiceTracing() {}

  /**
   * What a configuration asks for; {@link AutoCloseable} where spans are sent.
   *
   * @param service name of the service
   * @param replica name of this process
   * @param isNative whether this is a native binary
   * @param meters get the count of spans that were dropped, where spans are sent
   * @throws ConfigException if a native binary is to send spans: what looks classes up by their
   *     names in the exporter has not been proved there
   */
  public static Tracing of(
      TracingConfig config,
      String service,
      String replica,
      boolean isNative,
      MeterRegistry meters) {
    if (config.collector().isEmpty()) {
      return Tracing.OFF;
    }
    if (isNative) {
      throw new ConfigException(
          "tracing.endpoint is '%s', but a native binary sends no traces; it must be empty here, or use the image with a JVM"
              .formatted(config.endpoint()));
    }
    return sending(config.collector().get(), config.sample(), service, replica, meters);
  }

  private static Tracing sending(
      URI collector, double share, String service, String replica, MeterRegistry meters) {
    OtlpTracing tracing = new OtlpTracing(collector, share, service, replica);
    FunctionCounter.builder("drpo.tracing.dropped.spans", tracing, OtlpTracing::dropped)
        .description("Spans that the collector of traces never got")
        .register(meters);
    return tracing;
  }
}

package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.OnResume.FREE;

import java.net.URI;
import java.util.Optional;

/** Who collects traces of groups, and of how many. */
public record TracingConfig(
    @Key(
            byDefault = "",
            bounds = "an http or https address, or empty",
            means =
                "Where every service sends its spans, by OTLP over HTTP; `/v1/traces` is added."
                    + " Where it is empty, records carry no trace, and nothing of it is loaded.",
            onResume = FREE)
        String endpoint,
    @Key(
            byDefault = "1.0",
            bounds = "above 0, at most 1",
            means =
                "Share of the groups that are traced. The learner decides by a group's identity,"
                    + " and the others go by the record.",
            onResume = FREE)
        double sample) {

  public TracingConfig {
    requireBounds(
        endpoint.isEmpty() || TrackingConfig.isHttp(endpoint),
        "tracing.endpoint",
        "'" + endpoint + "'");
    requireBounds(sample > 0 && sample <= 1, "tracing.sample", sample);
  }

  /** The address that spans are posted to, if any are. */
  public Optional<URI> collector() {
    return endpoint.isEmpty()
        ? Optional.empty()
        : Optional.of(URI.create(endpoint.replaceAll("/+$", "") + "/v1/traces"));
  }
}

package dev.drpo.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import java.util.LinkedHashMap;
import java.util.Map;

/** Quarkus's settings for HTTP over TLS, as its registry of certificates takes them. */
public final class HttpTlsSettings {
  /** Name of the service's certificate in the registry. */
  static final String NAME = "drpo";

  private static final String REGISTRY = "quarkus.tls." + NAME + ".";
  private static final String READ_AGAIN = "30s";

  private HttpTlsSettings() {}

  /**
   * What a run's settings come to; nothing where nothing is encrypted.
   *
   * @throws ConfigException if the run's are not whole, or name a file that can't be used
   */
  public static Map<String, String> of(TlsConfig tls) {
    tls.requireWhole();
    Map<String, String> settings = new LinkedHashMap<>();
    if (tls.shows()) {
      // Refuses files that can't be used, which Quarkus would do by a stack trace.
      var _ = GrpcTls.server(tls);
      settings.put(REGISTRY + "key-store.pem.own.cert", tls.certificate());
      settings.put(REGISTRY + "key-store.pem.own.key", tls.key());
      settings.put(REGISTRY + "trust-store.pem.certs", tls.trusted());
      // It would only warn of one that has run out, and leave the refusal to others.
      settings.put(REGISTRY + "trust-store.certificate-expiration-policy", "reject");
      settings.put(REGISTRY + "reload-period", READ_AGAIN);
      settings.put("quarkus.http.tls-configuration-name", NAME);
      // Health and metrics are left there: PlainHttp.
      settings.put("quarkus.http.insecure-requests", "enabled");
    }
    return settings;
  }
}

package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.OnResume.FREE;

/**
 * How the processes of a run show each other who they are. Files are PEM; where none is named,
 * nothing is encrypted.
 */
public record TlsConfig(
    @Key(
            byDefault = "",
            bounds = "a path, or empty",
            means =
                "PEM file of the certificate that this process shows, with those that lead to its"
                    + " authority. A service that has one serves gRPC over TLS, and HTTP over TLS"
                    + " at `quarkus.http.ssl-port` (8443); its plain HTTP port keeps health and"
                    + " metrics alone.",
            onResume = FREE)
        String certificate,
    @Key(
            byDefault = "",
            bounds = "a path, or empty",
            means = "PEM file of the certificate's key, PKCS #8 and not encrypted.",
            onResume = FREE)
        String key,
    @Key(
            byDefault = "",
            bounds = "a path, or empty",
            means =
                "PEM file of the authorities that issue the others' certificates. Calls to other"
                    + " services are made over TLS where it is named.",
            onResume = FREE)
        String trusted,
    @Key(
            byDefault = "none",
            means =
                "`required` refuses every caller, of gRPC and of HTTP over TLS, who shows no"
                    + " certificate of a trusted authority: the learner gives weights to nobody"
                    + " else then.",
            onResume = FREE)
        ClientCertificate clientCertificate) {

  /** Nothing is encrypted. */
  public static final TlsConfig PLAIN = new TlsConfig("", "", "", ClientCertificate.NONE);

  /** What callers have to show. */
  public enum ClientCertificate {
    NONE,
    REQUIRED
  }

  public TlsConfig {
    require(
        certificate.isEmpty() == key.isEmpty(),
        certificate.isEmpty() ? "tls.key" : "tls.certificate",
        certificate.isEmpty() ? key : certificate,
        "it goes with %s: set both, or none"
            .formatted(certificate.isEmpty() ? "tls.certificate" : "tls.key"));
    require(
        certificate.isEmpty() || !trusted.isEmpty(),
        "tls.certificate",
        certificate,
        "it goes with tls.trusted, by which this process knows the others: set both, or none");
    require(
        clientCertificate == ClientCertificate.NONE || !certificate.isEmpty(),
        "tls.client-certificate",
        clientCertificate,
        "that needs tls.certificate, tls.key and tls.trusted: set them, or leave it at none");
  }

  /** Whether calls to other services are made over TLS. */
  public boolean calls() {
    return !trusted.isEmpty();
  }

  /** Whether this process has a certificate to show. */
  public boolean shows() {
    return !certificate.isEmpty();
  }

  /** Whether callers have to show a certificate. */
  public boolean asksCallers() {
    return clientCertificate == ClientCertificate.REQUIRED;
  }

  /**
   * Refuses what only a client could do with.
   *
   * @throws ConfigException if a service would call others over TLS and be called without
   */
  public void requireWhole() {
    require(
        calls() == shows(),
        "tls.trusted",
        trusted,
        "a service also needs tls.certificate and tls.key: set all three, or none");
  }
}

package dev.drpo.reward;

import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.config.TlsConfig.ClientCertificate;
import dev.drpo.service.HttpTlsSettings;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Certificates and tokens for a service that knows its callers. */
public final class SecuredResource implements QuarkusTestResourceLifecycleManager {
  /** Property that holds the folder of the files. */
  static final String FOLDER = "test.secured";

  static final TestAuthority OURS = new TestAuthority("ours");
  static final String OWN = "reward";

  /** Callers, each of whom may ask once. */
  private static final List<String> CALLERS =
      List.of("grpc", "http", "hasty-grpc", "hasty-http", "large-grpc", "large-http", "stream");

  @Override
  public Map<String, String> start() {
    try {
      Path folder = Files.createTempDirectory("drpo-secured");
      OURS.trusted(folder.resolve("ca.crt"));
      OURS.issue(folder, OWN);
      Files.write(
          folder.resolve("tokens"),
          CALLERS.stream().map(name -> name + " " + token(name)).toList());
      Map<String, String> settings =
          new HashMap<>(HttpTlsSettings.of(tls(folder, ClientCertificate.REQUIRED)));
      // Soon enough for a test.
      settings.put("quarkus.tls.drpo.reload-period", "1s");
      settings.put(FOLDER, folder.toString());
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a caller is known by. */
  static String token(String caller) {
    return "0123456789abcdef-" + caller;
  }

  /** What the service itself has in the folder. */
  private static TlsConfig tls(Path folder, ClientCertificate asked) {
    return shows(
        folder, new Issued(folder.resolve(OWN + ".crt"), folder.resolve(OWN + ".key")), asked);
  }

  /** Who shows a certificate and trusts our authority. */
  static TlsConfig shows(Path folder, Issued issued, ClientCertificate asked) {
    return new TlsConfig(
        issued.certificate().toString(),
        issued.key().toString(),
        folder.resolve("ca.crt").toString(),
        asked);
  }

  /** The service's keys of the configuration. */
  static Map<String, String> overrides(String folder) {
    TlsConfig tls = tls(Path.of(folder), ClientCertificate.REQUIRED);
    return Map.of(
        "tls.certificate",
        tls.certificate(),
        "tls.key",
        tls.key(),
        "tls.trusted",
        tls.trusted(),
        "tls.client-certificate",
        "required",
        "callers.tokens",
        folder + "/tokens",
        "callers.request-bytes",
        "1000",
        "callers.requests-per-second",
        "0.01");
  }

  @Override
  public void stop() {}
}

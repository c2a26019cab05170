package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.service.HttpTlsSettings;
import dev.drpo.testkit.SecuredFiles;
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
  /** Callers, each of whom may ask once. */
  private static final List<String> CALLERS =
      List.of("grpc", "http", "hasty-grpc", "hasty-http", "large-grpc", "large-http", "stream");

  @Override
  public Map<String, String> start() {
    try {
      SecuredFiles files = SecuredFiles.write(Files.createTempDirectory("drpo-secured"), CALLERS);
      Map<String, String> settings =
          new HashMap<>(
              HttpTlsSettings.of(ConfigLoader.load(null, Map.of(), files.service()).tls()));
      // Soon enough for a test.
      settings.put("quarkus.tls.drpo.reload-period", "1s");
      settings.put(SecuredFiles.FOLDER, files.folder().toString());
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The service's keys of the configuration. */
  static Map<String, String> overrides(String folder) {
    Map<String, String> overrides = new HashMap<>(new SecuredFiles(Path.of(folder)).service());
    overrides.put("callers.request-bytes", "1000");
    overrides.put("callers.requests-per-second", "0.01");
    return overrides;
  }

  @Override
  public void stop() {}
}

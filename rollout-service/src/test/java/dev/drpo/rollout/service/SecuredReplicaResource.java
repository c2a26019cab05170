package dev.drpo.rollout.service;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.service.HttpTlsSettings;
import dev.drpo.testkit.BrokerResource;
import dev.drpo.testkit.SecuredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker, a policy folder, certificates and tokens for a replica that knows its callers. */
public final class SecuredReplicaResource extends BrokerResource {
  /** Callers, each of whom may ask once. */
  private static final List<String> CALLERS =
      List.of(
          "grpc",
          "http",
          "hasty-grpc",
          "hasty-http",
          "large-grpc",
          "large-http",
          "busy-grpc",
          "busy-http");

  @Override
  protected Map<String, String> write(Path folder) throws IOException {
    SecuredFiles files = SecuredFiles.write(folder.resolve("secured"), CALLERS);
    Map<String, String> properties =
        new HashMap<>(HttpTlsSettings.of(ConfigLoader.load(null, Map.of(), files.service()).tls()));
    properties.put(SecuredFiles.FOLDER, files.folder().toString());
    properties.put(ReplicaResource.POLICY, ReplicaResource.policy(folder));
    return properties;
  }

  /** The service's keys of the configuration. */
  static Map<String, String> overrides(String folder) {
    Map<String, String> overrides = new HashMap<>(new SecuredFiles(Path.of(folder)).service());
    overrides.put("callers.request-bytes", "1000");
    overrides.put("callers.requests-per-second", "0.01");
    overrides.put("callers.requests-at-once", "1");
    return overrides;
  }
}

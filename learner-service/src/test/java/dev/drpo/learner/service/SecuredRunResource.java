package dev.drpo.learner.service;

import dev.drpo.learner.RunFiles;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.service.HttpTlsSettings;
import dev.drpo.testkit.BrokerResource;
import dev.drpo.testkit.SecuredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker, the inputs of a run and certificates for a learner that knows its callers. */
public final class SecuredRunResource extends BrokerResource {
  @Override
  protected Map<String, String> write(Path folder) throws IOException {
    RunFiles.write(folder);
    SecuredFiles files = SecuredFiles.write(folder.resolve("secured"), List.of());
    Map<String, String> properties =
        new HashMap<>(HttpTlsSettings.of(ConfigLoader.load(null, Map.of(), files.service()).tls()));
    properties.put(SecuredFiles.FOLDER, files.folder().toString());
    properties.put(RunResource.FILES, folder.toString());
    return properties;
  }
}

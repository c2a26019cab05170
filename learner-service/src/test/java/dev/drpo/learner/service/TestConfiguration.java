package dev.drpo.learner.service;

import dev.drpo.learner.RunFiles;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.SecuredFiles;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Configures the service under test with the test's broker and files, and without evaluation. */
@Dependent
class TestConfiguration {

  @Produces
  @Singleton
  @Alternative
  @Priority(1)
  RunConfig configuration(
      @ConfigProperty(name = RunResource.BOOTSTRAP_SERVERS) String broker,
      @ConfigProperty(name = RunResource.FILES) String files,
      @ConfigProperty(name = SecuredFiles.FOLDER) Optional<Path> secured) {
    Map<String, String> settings =
        new TreeMap<>(new RunFiles(Path.of(files)).settings("service-test", broker));
    settings.put("evaluation.problems", "0");
    secured.ifPresent(folder -> settings.putAll(new SecuredFiles(folder).service()));
    return ConfigLoader.load(null, Map.of(), settings);
  }
}

package dev.drpo.rollout.service;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.SecuredFiles;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Configures the service under test with the test's broker and policy. */
@Dependent
class TestConfiguration {

  @Produces
  @Singleton
  @Alternative
  @Priority(1)
  RunConfig configuration(
      @ConfigProperty(name = ReplicaResource.BOOTSTRAP_SERVERS) String broker,
      @ConfigProperty(name = ReplicaResource.POLICY) String policy,
      @ConfigProperty(name = SecuredFiles.FOLDER) Optional<String> secured) {
    Map<String, String> overrides =
        new HashMap<>(
            Map.of(
                "run.id", "service-test",
                "kafka.bootstrap-servers", broker,
                "policy.path", policy,
                "sampling.max-prompt-tokens", "12",
                "sampling.max-response-tokens", "500",
                "rollout.slots", "8",
                "callers.request-bytes", "4000000"));
    secured.ifPresent(folder -> overrides.putAll(SecuredReplicaResource.overrides(folder)));
    return ConfigLoader.load(null, Map.of(), overrides);
  }
}

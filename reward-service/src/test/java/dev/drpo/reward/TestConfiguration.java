package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Configures the service under test: with the test's broker where there is one, else without. */
@Dependent
class TestConfiguration {

  @Produces
  @Singleton
  @Alternative
  @Priority(1)
  RunConfig configuration(
      @ConfigProperty(name = BrokerResource.BOOTSTRAP_SERVERS) Optional<String> broker) {
    return ConfigLoader.load(
        null,
        Map.of(),
        broker
            .map(servers -> Map.of("kafka.bootstrap-servers", servers, "run.id", "scoring-test"))
            .orElse(Map.of("reward.consume-rollouts", "false")));
  }
}

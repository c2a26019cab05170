package dev.drpo.reward;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.testkit.BrokerResource;
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

/** Configures the service under test: with the test's broker where there is one, else without. */
@Dependent
class TestConfiguration {

  @Produces
  @Singleton
  @Alternative
  @Priority(1)
  RunConfig configuration(
      @ConfigProperty(name = BrokerResource.BOOTSTRAP_SERVERS) Optional<String> broker,
      @ConfigProperty(name = RemoteJudgeResource.ADDRESS) Optional<String> judge,
      @ConfigProperty(name = SecuredFiles.FOLDER) Optional<String> secured) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put("reward.consume-rollouts", String.valueOf(broker.isPresent()));
    broker.ifPresent(servers -> overrides.put("kafka.bootstrap-servers", servers));
    secured.ifPresent(folder -> overrides.putAll(SecuredResource.overrides(folder)));
    judge.ifPresentOrElse(
        address -> {
          overrides.put("run.id", "remote-test");
          overrides.put("reward.remote-address", address);
          overrides.put("reward.functions", "remote:1");
        },
        () -> {
          overrides.put("run.id", "scoring-test");
          overrides.put("reward.functions", "answer:1,format:0,brevity:0");
        });
    return ConfigLoader.load(null, Map.of(), overrides);
  }
}

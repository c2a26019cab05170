package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RolloutConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopbackTest {
  @Test
  void theEngineApiIsOpenedToThisMachineAlone() {
    for (String host : List.of("127.0.0.1", "localhost", "::1")) {
      assertThatCode(() -> Loopback.require(config("true"), host)).doesNotThrowAnyException();
    }
    for (String host : List.of("0.0.0.0", "10.1.2.3", "::")) {
      assertThatThrownBy(() -> Loopback.require(config("true"), host))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(host)
          .hasMessageContaining("QUARKUS_HTTP_HOST=127.0.0.1");
      assertThatCode(() -> Loopback.require(config("false"), host)).doesNotThrowAnyException();
    }
  }

  private static RolloutConfig config(String engineApi) {
    return ConfigLoader.load(null, Map.of(), Map.of("rollout.engine-api", engineApi)).rollout();
  }
}

package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingConfigTest {
  private static TracingConfig with(String key, String value) {
    return ConfigLoader.load(null, Map.of(), Map.of(key, value)).tracing();
  }

  @Test
  void nobodyCollectsTracesByDefaultAndWhoeverDoesGetsThemAll() {
    TracingConfig config = ConfigLoader.load(null, Map.of(), Map.of()).tracing();
    assertThat(config.collector()).isEmpty();
    assertThat(config.sample()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:4318, http://localhost:4318/v1/traces",
    "http://localhost:4318/, http://localhost:4318/v1/traces",
    "https://collector.example.org/otlp, https://collector.example.org/otlp/v1/traces"
  })
  void spansArePostedBelowTheEndpoint(String endpoint, URI posted) {
    assertThat(with("tracing.endpoint", endpoint).collector()).contains(posted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:4318", "grpc://host:4317", "http://", "http://a b", "true"})
  void whatIsNoAddressIsRefused(String endpoint) {
    assertThatThrownBy(() -> with("tracing.endpoint", endpoint))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing.endpoint")
        .hasMessageContaining("it must be an http or https address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.1", "1.01", "NaN", "half"})
  void whatIsNoShareIsRefused(String share) {
    assertThatThrownBy(() -> with("tracing.sample", share))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing.sample");
  }
}

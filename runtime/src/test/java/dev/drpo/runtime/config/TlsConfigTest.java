package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsConfigTest {
  @Test
  void nothingIsEncryptedByDefault() {
    TlsConfig tls = load(Map.of());
    assertThat(tls).isEqualTo(TlsConfig.PLAIN);
    assertThat(tls.shows()).isFalse();
    assertThat(tls.calls()).isFalse();
    tls.requireWhole();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tls.certificate:a | tls.certificate is a; it goes with tls.key: set both, or none",
        "tls.key:a | tls.key is a; it goes with tls.certificate: set both, or none",
        "tls.certificate:a,tls.key:b | tls.certificate is a; it goes with tls.trusted",
        "tls.client-certificate:required | tls.client-certificate is required; that needs"
            + " tls.certificate",
        "tls.client-certificate:required,tls.trusted:a | tls.client-certificate is required; that"
            + " needs tls.certificate",
        "tls.client-certificate:maybe | tls.client-certificate is maybe",
      })
  void whatIsHalfSetIsRefusedWithTheRemedy(String settings, String reason) {
    Map<String, String> values = new HashMap<>();
    for (String setting : settings.split(",", -1)) {
      String[] nameAndValue = setting.split(":", 2);
      values.put(nameAndValue[0], nameAndValue[1]);
    }
    assertThatThrownBy(() -> load(values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aCallerMayTrustAndShowNothingAndAServiceMayNot() {
    TlsConfig tls = load(Map.of("tls.trusted", "a"));
    assertThat(tls.calls()).isTrue();
    assertThatThrownBy(tls::requireWhole)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tls.trusted is a; a service also needs tls.certificate and tls.key");
  }

  private static TlsConfig load(Map<String, String> settings) {
    return ConfigLoader.load(null, Map.of(), settings).tls();
  }
}

package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPropertiesTest {
  private static final String SECRET = "xyzzy";

  @TempDir Path folder;

  @Test
  void everyClientGetsTheEntriesOfTheFile() throws IOException {
    RunConfig config =
        config(
            """
            security.protocol=SASL_SSL
            sasl.mechanism=SCRAM-SHA-512
            sasl.jaas.config=%s
            ssl.truststore.location=/etc/broker/ca.pem
            """
                .formatted(SECRET));
    assertThat(Messaging.of(config, "tester", InstantSource.system()).clientSettings("role"))
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("sasl.jaas.config", SECRET)
        .containsEntry("ssl.truststore.location", "/etc/broker/ca.pem")
        .containsEntry("bootstrap.servers", config.kafka().bootstrapServers())
        .containsEntry("client.id", "tester.role");
  }

  @Test
  void theConfigurationHoldsNothingButThePath() throws IOException {
    RunConfig config = config("sasl.jaas.config=" + SECRET);
    Messaging messaging = Messaging.of(config, "tester", InstantSource.system());
    assertThat(messaging.toString()).contains("client.properties").doesNotContain(SECRET);
    assertThat(ConfigLoader.toYaml(config)).contains("client.properties").doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bootstrap.servers",
        "client.id",
        "group.id",
        "acks",
        "enable.idempotence",
        "max.poll.records",
        "share.acquire.mode",
        "auto.offset.reset",
        "value.serializer",
        "transactional.id",
      })
  void whatTheProjectSetsItselfIsRefusedByName(String name) {
    assertThatThrownBy(() -> read(name + "=" + SECRET))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sets " + name + ", which the project sets itself; leave it out")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void anEntryThatNoClientKnowsIsRefused() {
    assertThatThrownBy(() -> read("ssl.keystroe.location=" + SECRET))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("sets ssl.keystroe.location, which no client of Kafka knows")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    String missing = folder.resolve("none").toString();
    assertThatThrownBy(() -> ClientProperties.read(missing))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kafka.client-properties is " + missing)
        .hasMessageContaining("NoSuchFileException");
  }

  @Test
  void aFileOfAnotherFormIsRefusedWithoutAWordOfIt() {
    assertThatThrownBy(() -> read("ssl.key.password=\\u" + SECRET))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("can't be read")
        .hasMessageNotContaining(SECRET);
  }

  private Map<String, String> read(String content) throws IOException {
    return ClientProperties.read(file(content));
  }

  private RunConfig config(String content) throws IOException {
    return ConfigLoader.load(null, Map.of(), Map.of("kafka.client-properties", file(content)));
  }

  private String file(String content) throws IOException {
    return Files.writeString(folder.resolve("client.properties"), content).toString();
  }
}

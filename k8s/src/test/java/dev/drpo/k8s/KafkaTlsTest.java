package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.testkit.TestAuthority;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with the settings of the overlay's, and a client with those of its services. */
@Timeout(180)
class KafkaTlsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final TestAuthority AUTHORITY = new TestAuthority("authority");

  @TempDir static Path folder;
  private static String clientSettings;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    AUTHORITY.trusted(folder.resolve("ca.crt"));
    AUTHORITY.issue(folder, "tls");
    Cluster cluster = Cluster.of(StrictModel.documents(Kustomize.render("overlays/tls")));
    clientSettings =
        cluster.all(ConfigMap.class).stream()
            .filter(it -> it.getMetadata().getName().startsWith("kafka-client"))
            .findFirst()
            .orElseThrow()
            .getData()
            .get("client.properties");
    int port = freePort();
    int controller = freePort();
    Map<String, String> settings = BrokerRules.settingsOf(cluster.workload("kafka"));
    settings.remove("log.dirs");
    settings.replaceAll(
        (_, value) ->
            mounted(value)
                .replace("kafka:9092", "127.0.0.1:" + port)
                .replace("://:9092", "://127.0.0.1:" + port)
                .replace("localhost:9093", "localhost:" + controller));
    broker = EmbeddedBroker.start(folder.resolve("data"), port, settings);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aServiceIsLetInByTheCertificateThatItsPodMounts() throws Exception {
    new TopicProvisioner(messaging(mounted(clientSettings))).provision(PATIENCE);
  }

  @Test
  void whoShowsNoneIsNot() {
    String withoutKey = mounted(clientSettings).replaceAll("(?m)^ssl.keystore.*\n", "");
    assertThatThrownBy(() -> new TopicProvisioner(messaging(withoutKey)).provision(PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("does not let run tls in");
  }

  private static String mounted(String text) {
    return text.replace("/etc/drpo-tls", folder.toString());
  }

  private static Messaging messaging(String properties) throws IOException {
    Path file = Files.createTempFile(folder, "client", ".properties");
    return Messaging.of(
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "run.id", "tls",
                "kafka.bootstrap-servers", broker.bootstrapServers(),
                "kafka.client-properties", Files.writeString(file, properties).toString())),
        "tester",
        InstantSource.system());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

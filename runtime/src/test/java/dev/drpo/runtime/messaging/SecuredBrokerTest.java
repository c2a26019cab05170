package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TestAuthority;
import dev.drpo.testkit.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lets nobody in without a certificate. */
class SecuredBrokerTest {
  @TempDir static Path folder;

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static Path trusted;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws IOException {
    trusted = AUTHORITY.trusted(folder.resolve("ca.crt"));
    broker =
        EmbeddedBroker.start(
            folder.resolve("broker"),
            0,
            Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SSL,CONTROLLER:PLAINTEXT",
                "ssl.client.auth", "required",
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", AUTHORITY.issue(folder, "broker").together().toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", trusted.toString()));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void everyKindOfClientWorksWithACertificate() throws Exception {
    AUTHORITY.issue(folder, "client");
    TestRun run =
        new TestRun(
            messaging(
                """
                config.providers=secret
                config.providers.secret.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
                ssl.keystore.type=PEM
                ssl.keystore.certificate.chain=${secret:%1$s:client.crt}
                ssl.keystore.key=${secret:%1$s:client.key}
                """
                    .formatted(folder)));
    new TopicProvisioner(run.messaging()).provision(TestRun.PATIENCE);
    run.publishTasks(1);
    try (WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      Lease<PromptTask> lease = TestRun.take(queue);
      assertThat(TestRun.name(lease)).isEqualTo("task-0");
      lease.complete();
    }
    try (RecordLog<PromptTask> log =
        RecordLog.open(
            run.messaging(), run.prompts(), PromptTask.parser(), Map.of(), TestRun.PATIENCE)) {
      Await.until("the record is read", () -> !log.poll(Duration.ofMillis(200)).isEmpty());
    }
  }

  @Test
  void aClientWithoutACertificateIsToldWhereToGiveOne() throws Exception {
    Messaging stranger = messaging("");
    assertThatThrownBy(() -> new TopicProvisioner(stranger).provision(TestRun.PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("does not let run secured in")
        .hasMessageContaining("correct kafka.client-properties");
  }

  @Test
  void aClientWithAForeignCertificateIsNotLetIn() throws Exception {
    // Called as ours is: a client keeps back what no authority has issued that it hears named.
    assertNotLetIn(new TestAuthority("authority").issue(folder, "foreign"));
  }

  @Test
  void aClientWithACertificateThatHasRunOutIsNotLetIn() throws Exception {
    assertNotLetIn(AUTHORITY.issueExpired(folder, "late"));
  }

  private static void assertNotLetIn(Issued shown) throws IOException {
    Messaging stranger =
        messaging("ssl.keystore.type=PEM\nssl.keystore.location=%s\n".formatted(shown.together()));
    assertThatThrownBy(() -> new TopicProvisioner(stranger).provision(TestRun.PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("does not let run secured in")
        .hasMessageContaining("correct kafka.client-properties");
  }

  private static Messaging messaging(String own) throws IOException {
    Path file = Files.createTempFile(folder, "client", ".properties");
    Files.writeString(
        file,
        "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=%s\n%s"
            .formatted(trusted, own));
    return Messaging.of(
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "run.id", "secured",
                "kafka.bootstrap-servers", broker.bootstrapServers(),
                "kafka.client-properties", file.toString())),
        "tester",
        InstantSource.system());
  }
}

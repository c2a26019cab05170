package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that are replaced under a client that goes on living. */
@Timeout(180)
class RenewedTlsTest {
  @TempDir static Path folder;

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static EmbeddedBroker broker;

  /** How a properties file names a certificate. */
  enum Naming {
    BY_REFERENCE {
      @Override
      String settings(Path directory) {
        return """
            config.providers=secret
            config.providers.secret.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
            ssl.truststore.certificates=${secret:%1$s:ca.crt}
            ssl.keystore.certificate.chain=${secret:%1$s:client.crt}
            ssl.keystore.key=${secret:%1$s:client.key}
            """
            .formatted(directory);
      }
    },
    BY_LOCATION {
      @Override
      String settings(Path directory) {
        return """
            ssl.truststore.location=%1$s/ca.crt
            ssl.keystore.location=%1$s/client.crt.both
            """
            .formatted(directory);
      }
    };

    abstract String settings(Path directory);
  }

  @BeforeAll
  static void start() throws IOException {
    broker =
        EmbeddedBroker.start(
            folder.resolve("broker"),
            0,
            Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:SSL,CONTROLLER:PLAINTEXT",
                "ssl.client.auth",
                "required",
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                AUTHORITY.issue(folder, "broker").together().toString(),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                AUTHORITY.trusted(folder.resolve("ca.crt")).toString()));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void aClientWhoseCertificateHasRunOutIsLetInOnceItIsRenewed(Naming naming) throws Exception {
    Path secret = Files.createDirectory(folder.resolve(naming.name()));
    AUTHORITY.trusted(secret.resolve("ca.crt"));
    AUTHORITY.issueExpired(secret, "client").together();
    Messaging messaging = messaging(naming.settings(secret));
    try (Admin admin = Admin.create(messaging.clientSettings("admin"))) {
      assertThatThrownBy(() -> admin.listTopics().names().get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SslAuthenticationException.class);
      AUTHORITY.issue(secret, "client").together();
      Await.until("the broker lets it in", () -> letsIn(admin));
    }
  }

  @Test
  void whatCanNotBeUsedLeavesTheEarlierCertificateInUse() throws Exception {
    Path secret = Files.createDirectory(folder.resolve("broken"));
    AUTHORITY.trusted(secret.resolve("ca.crt"));
    AUTHORITY.issue(secret, "client");
    AtomicLong now = new AtomicLong();
    RenewedTls tls = new RenewedTls(now::get);
    tls.configure(asAClientGivesThem(messaging(Naming.BY_REFERENCE.settings(secret))));
    Certificate before = certificate(tls);

    Files.writeString(secret.resolve("client.crt"), "half a certific");
    assertThat(afterAConnection(tls, now)).isEqualTo(before);
    Files.delete(secret.resolve("client.crt"));
    assertThat(afterAConnection(tls, now)).isEqualTo(before);
    AUTHORITY.issue(secret, "client");
    assertThat(afterAConnection(tls, now)).isNotEqualTo(before);
    tls.close();
  }

  @Test
  void anEngineOfTheUsersOwnAndAPlainConnectionStayAsTheyAre() throws Exception {
    assertThat(messaging("ssl.engine.factory.class=com.example.Own\n").clientSettings("a"))
        .containsEntry("ssl.engine.factory.class", "com.example.Own");
    Path plain = Files.writeString(folder.resolve("plain.properties"), "client.rack=a\n");
    assertThat(messaging(plain).clientSettings("a")).doesNotContainKey("ssl.engine.factory.class");
  }

  private static boolean letsIn(Admin admin) throws InterruptedException {
    try {
      admin.listTopics().names().get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(SslAuthenticationException.class);
      return false;
    }
  }

  /** Settings with their types, and those that no client knows as they are. */
  private static Map<String, Object> asAClientGivesThem(Messaging messaging) {
    AdminClientConfig parsed = new AdminClientConfig(messaging.clientSettings("tls"));
    Map<String, Object> given = new HashMap<>(parsed.originals());
    given.putAll(parsed.values());
    return given;
  }

  /** The certificate that is in use once it was looked again. */
  private static Certificate afterAConnection(RenewedTls tls, AtomicLong now)
      throws KeyStoreException {
    now.addAndGet(RenewedTls.PAUSE.toNanos());
    assertThat(tls.createClientSslEngine("127.0.0.1", 1, "https").getUseClientMode()).isTrue();
    return certificate(tls);
  }

  private static Certificate certificate(RenewedTls tls) throws KeyStoreException {
    return tls.keystore().getCertificate(tls.keystore().aliases().nextElement());
  }

  private static Messaging messaging(String own) throws IOException {
    return messaging(
        Files.writeString(
            Files.createTempFile(folder, "client", ".properties"),
            "security.protocol=SSL\nssl.truststore.type=PEM\nssl.keystore.type=PEM\n" + own));
  }

  private static Messaging messaging(Path properties) {
    return Messaging.of(
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "run.id", "renewed",
                "kafka.bootstrap-servers", broker.bootstrapServers(),
                "kafka.client-properties", properties.toString())),
        "tester",
        InstantSource.system());
  }
}

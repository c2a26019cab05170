package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.testkit.BrokerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerGreetingTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  private static final byte[] HTTP =
      "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TLS_ALERT = {0x15, 3, 3, 0, 2, 2, 0x46};

  @Test
  void aBrokerIsLetPass() {
    assertThatCode(() -> BrokerGreeting.require(settings(broker.bootstrapServers())))
        .doesNotThrowAnyException();
  }

  @Test
  void aWebServerIsNamedByWhatItSays() throws Exception {
    assertRefused(HTTP, "its answer begins with 'HTTP/1.1'");
  }

  @Test
  void aBrokerWithTlsIsToldFromOthers() throws Exception {
    assertRefused(TLS_ALERT, "it speaks TLS");
  }

  @Test
  void bytesAreShownAsSuch() throws Exception {
    assertRefused(new byte[] {0, 0, 0, 9, 1, 2, 3, 4}, "the bytes 00 00 00 09 01 02 03 04");
    assertRefused(new byte[] {0, 1, 0, 1}, "the bytes 00 01 00 01");
    assertRefused(new byte[] {-1, 0, 0, 0}, "the bytes ff 00 00 00");
  }

  @Test
  void silenceAndAbsenceAreLeftToTheClient() throws Exception {
    assertPasses(new byte[0]);
    assertPasses(new byte[] {'H', 'T'});
    assertPasses(new byte[] {0, 0, 1, 0});
    assertThatCode(() -> BrokerGreeting.require(settings("127.0.0.1:1")))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsNoAddressIsRefusedInTheClientsWords() {
    for (String address : List.of("nonsense", "127.0.0.1:70000", "127.0.0.1:99999999999", "")) {
      assertThatThrownBy(() -> Clients.ofKafka().admin(settings(address)))
          .as(address)
          .isInstanceOf(KafkaException.class);
    }
  }

  @Test
  void oneForeignerAmongBrokersIsRefused() throws Exception {
    try (ServerSocket other = answering(HTTP)) {
      String addresses = broker.bootstrapServers() + ", " + address(other);
      assertThatThrownBy(() -> BrokerGreeting.require(settings(addresses)))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("what listens at " + address(other));
    }
  }

  @Test
  void whatIsSpokenOverTlsIsLeftToIt() throws Exception {
    try (ServerSocket other = answering(HTTP)) {
      assertThatCode(
              () ->
                  BrokerGreeting.require(
                      Map.of("bootstrap.servers", address(other), "security.protocol", "SASL_SSL")))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void noClientIsOpenedToIt() throws Exception {
    try (ServerSocket other = answering(HTTP)) {
      Map<String, Object> settings = settings(address(other));
      Clients clients = Clients.ofKafka();
      assertThatThrownBy(() -> clients.producer(settings)).hasMessageContaining("HTTP/1.1");
      assertThatThrownBy(() -> clients.consumer(settings)).hasMessageContaining("HTTP/1.1");
      assertThatThrownBy(() -> clients.shareConsumer(settings)).hasMessageContaining("HTTP/1.1");
      assertThatThrownBy(() -> clients.admin(settings)).hasMessageContaining("HTTP/1.1");
    }
  }

  private static void assertRefused(byte[] answer, String reason) throws IOException {
    try (ServerSocket other = answering(answer)) {
      assertThatThrownBy(() -> BrokerGreeting.require(settings(address(other))))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining(reason)
          .hasMessageContaining("kafka.bootstrap-servers");
    }
  }

  private static void assertPasses(byte[] answer) throws IOException {
    try (ServerSocket other = answering(answer)) {
      assertThatCode(() -> BrokerGreeting.require(settings(address(other))))
          .doesNotThrowAnyException();
    }
  }

  /** Answers every caller's first word, and hangs up. */
  private static ServerSocket answering(byte[] answer) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try (Socket caller = server.accept()) {
                  assertThat(caller.getInputStream().read(new byte[1024])).isPositive();
                  caller.getOutputStream().write(answer);
                } catch (IOException e) {
                  // The caller has left, or the test is over.
                }
              }
            });
    return server;
  }

  private static String address(ServerSocket server) {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private static Map<String, Object> settings(String addresses) {
    return Map.of("bootstrap.servers", addresses);
  }
}

package dev.drpo.runtime.messaging;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/**
 * Tells a broker from something else that listens at its address. Kafka's clients take the first
 * four bytes of any answer for its length and set so much memory aside: 1.2 GB for the {@code HTTP}
 * of a web server, 0.35 GB for a TLS alert, whereupon their threads die without a word.
 */
final class BrokerGreeting {
  private static final int CONNECT_MILLIS = 1_000;
  private static final int ANSWER_MILLIS = 2_000;

  /** Of the request for the versions of the requests, which every broker answers, to anybody. */
  private static final short API_VERSIONS = 18;

  private static final int CORRELATION = 20_510;

  /** The answer has six bytes for each of some hundred kinds of request. */
  private static final int LARGEST_ANSWER = 1 << 16;

  private static final int TLS_ALERT = 0x15;

  private BrokerGreeting() {}

  /**
   * Asks whoever answers at the addresses. Silence is no reason to refuse, since clients bear it;
   * neither is an answer over TLS looked at, which checks who speaks by itself.
   *
   * @param settings of the client that is about to be opened
   * @throws KafkaException if one answers as no broker does
   */
  static void require(Map<String, Object> settings) {
    String protocol = String.valueOf(settings.getOrDefault("security.protocol", "PLAINTEXT"));
    if (protocol.endsWith("PLAINTEXT")) {
      String addresses = String.valueOf(settings.get("bootstrap.servers"));
      for (String address : List.of(addresses.strip().split("\\s*,\\s*"))) {
        Optional<String> answer = foreignAnswer(address);
        if (answer.isPresent()) {
          throw new KafkaException(
              "what listens at %s is no broker that this client can talk to: %s; check kafka.bootstrap-servers and, for a broker with TLS, security.protocol in kafka.client-properties"
                  .formatted(address, answer.get()));
        }
      }
    }
  }

  private static Optional<String> foreignAnswer(String address) {
    try (Socket socket = new Socket()) {
      String host = Utils.getHost(address);
      Integer port = Utils.getPort(address);
      if (host == null || port == null) {
        return Optional.empty();
      }
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(request());
      byte[] head = socket.getInputStream().readNBytes(2 * Integer.BYTES);
      return head.length < Integer.BYTES ? Optional.empty() : judge(head);
    } catch (IOException | IllegalArgumentException e) {
      // Nobody is there, or the address is none, which the client says in its own words.
      return Optional.empty();
    }
  }

  private static byte[] request() {
    byte[] client = "greeting".getBytes(StandardCharsets.US_ASCII);
    int length = 3 * Short.BYTES + Integer.BYTES + client.length;
    return ByteBuffer.allocate(Integer.BYTES + length)
        .putInt(length)
        .putShort(API_VERSIONS)
        .putShort((short) 0)
        .putInt(CORRELATION)
        .putShort((short) client.length)
        .put(client)
        .array();
  }

  /** What is wrong with the beginning of an answer: its length, and whose answer it is. */
  private static Optional<String> judge(byte[] head) {
    ByteBuffer answer = ByteBuffer.wrap(head);
    int length = answer.getInt();
    boolean broker =
        length >= Integer.BYTES
            && length <= LARGEST_ANSWER
            && (answer.remaining() < Integer.BYTES || answer.getInt() == CORRELATION);
    if (broker) {
      return Optional.empty();
    }
    if (head[0] == TLS_ALERT) {
      return Optional.of("it speaks TLS");
    }
    String text = new String(head, StandardCharsets.US_ASCII);
    return Optional.of(
        text.chars().allMatch(c -> c >= ' ' && c <= '~')
            ? "its answer begins with '%s'".formatted(text)
            : "its answer begins with the bytes %s"
                .formatted(HexFormat.ofDelimiter(" ").formatHex(head)));
  }
}

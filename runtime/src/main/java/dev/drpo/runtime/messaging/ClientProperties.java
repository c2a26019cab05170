package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.ConfigException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The user's own settings of every client of the broker: how it is reached safely, above all. They
 * may hold secrets, so that no message says more of them than their names.
 */
final class ClientProperties {
  private static final String KEY = "kafka.client-properties";

  /** On these delivery rests, or they are keys of the configuration. */
  private static final Set<String> OURS =
      Set.of(
          "acks",
          "allow.auto.create.topics",
          "auto.offset.reset",
          "bootstrap.servers",
          "buffer.memory",
          "client.id",
          "compression.type",
          "default.api.timeout.ms",
          "delivery.timeout.ms",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "group.protocol",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "max.block.ms",
          "max.in.flight.requests.per.connection",
          "max.poll.interval.ms",
          "max.poll.records",
          "max.request.size",
          "request.timeout.ms",
          "retries",
          "share.acknowledgement.mode",
          "share.acquire.mode",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  /** Where values are kept that the file only refers to. */
  private static final String PROVIDERS = "config.providers";

  private static final Set<String> KNOWN = known();

  private ClientProperties() {}

  private static Set<String> known() {
    Set<String> names = new TreeSet<>(AdminClientConfig.configNames());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    return Set.copyOf(names);
  }

  /**
   * The entries of a properties file; none where no file is named.
   *
   * @throws ConfigException if it can't be read, or has an entry that is no client's or is the
   *     project's own
   */
  static Map<String, String> read(String file) {
    if (file.isEmpty()) {
      return Map.of();
    }
    Properties entries = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      entries.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      // Without what it says of the content.
      throw new ConfigException(
          "%s is %s, which can't be read (%s); name a properties file in UTF-8 that this user may read"
              .formatted(KEY, file, e.getClass().getSimpleName()));
    }
    Map<String, String> settings = new TreeMap<>();
    for (String name : entries.stringPropertyNames()) {
      require(!OURS.contains(name), file, name, "which the project sets itself; leave it out");
      require(
          KNOWN.contains(name) || name.startsWith(PROVIDERS),
          file,
          name,
          "which no client of Kafka knows; correct its spelling");
      settings.put(name, entries.getProperty(name));
    }
    return settings;
  }

  private static void require(boolean holds, String file, String name, String remedy) {
    if (!holds) {
      throw new ConfigException("%s is %s, which sets %s, %s".formatted(KEY, file, name, remedy));
    }
  }
}

package dev.drpo.learner.run;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Versions of what a run's numbers were produced with. */
final class RunVersions {
  private RunVersions() {}

  static Map<String, String> all() {
    return Map.of(
        "drpo", versionOf(RunVersions.class),
        "java", Runtime.version().toString(),
        "kafka-clients", kafkaVersion(),
        "pytorch", Engine.getEngine("PyTorch").getVersion());
  }

  /** Kafka's jars name their version in a resource only. */
  private static String kafkaVersion() {
    Properties version = new Properties();
    try (InputStream in =
        KafkaProducer.class.getResourceAsStream("/kafka/kafka-version.properties")) {
      version.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return version.getProperty("version");
  }

  /** The version of the jar that a class came from. */
  private static String versionOf(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}

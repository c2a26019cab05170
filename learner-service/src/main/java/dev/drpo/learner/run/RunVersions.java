package dev.drpo.learner.run;

import ai.djl.engine.Engine;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Versions of what a run's numbers were produced with. */
final class RunVersions {
  private RunVersions() {}

  static Map<String, String> all() {
    return Map.of(
        "drpo", versionOf(RunVersions.class),
        "java", Runtime.version().toString(),
        "kafka-clients", versionOf(KafkaProducer.class),
        "pytorch", Engine.getEngine("PyTorch").getVersion());
  }

  /** The version of the jar that a class came from. */
  private static String versionOf(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}

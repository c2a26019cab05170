package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** What the broker's pod has to agree on with the version that the project builds with. */
final class BrokerRules {
  /** What the image's start script takes for itself. */
  private static final Set<String> NO_SETTINGS = Set.of("KAFKA_HEAP_OPTS");

  /** Of settings whose names the broker's user chooses. */
  private static final String PROVIDERS = "config.providers.";

  private BrokerRules() {}

  private static Optional<Workload> broker(Cluster cluster) {
    return cluster.workloads().stream().filter(it -> it.name().equals("kafka")).findFirst();
  }

  static Stream<String> version(Cluster cluster) {
    String built = System.getProperty("kafka.version");
    return Stream.concat(
        unless(
            AppInfoParser.getVersion().equals(built),
            "settings are known by Kafka %s, but kafka.version is %s"
                .formatted(AppInfoParser.getVersion(), built)),
        broker(cluster).stream()
            .flatMap(
                it ->
                    unless(
                        it.container().getImage().equals("apache/kafka:" + built),
                        "the broker's image is %s, but kafka.version is %s"
                            .formatted(it.container().getImage(), built))));
  }

  /** Of a broker that an operator makes: its version, and settings that the broker takes. */
  static Stream<String> operated(Cluster cluster) throws IOException {
    if (Secrets.broker(cluster).isEmpty()) {
      return Stream.empty();
    }
    Custom.Kafka.Broker kafka =
        StrictModel.spec(Secrets.broker(cluster).get(), Custom.Kafka.class).kafka();
    Map<String, String> settings = new TreeMap<>();
    kafka.config().forEach((name, value) -> settings.put(name, String.valueOf(value)));
    // What the operator sets itself, as far as a configuration can't be judged without.
    Map<String, String> whole = new TreeMap<>(settings);
    whole.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "0",
            "controller.quorum.voters", "0@localhost:9090",
            "controller.listener.names", "CONTROLLER",
            "listeners", "PLAINTEXT://:9092,CONTROLLER://:9090",
            "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    return Stream.concat(
        unless(
            kafka.version().equals(System.getProperty("kafka.version")),
            "Strimzi's broker is %s, but kafka.version is %s"
                .formatted(kafka.version(), System.getProperty("kafka.version"))),
        judged(settings.keySet(), whole));
  }

  /** As the broker itself judges them when it starts. */
  static Stream<String> settings(Cluster cluster) {
    return broker(cluster).stream()
        .flatMap(
            it -> {
              Map<String, String> settings = settingsOf(it);
              return judged(settings.keySet(), settings);
            });
  }

  private static Stream<String> judged(Set<String> own, Map<String, String> settings) {
    Set<String> known = KafkaConfig.configDef().names();
    Stream<String> unknown =
        own.stream()
            .filter(name -> !known.contains(name) && !name.startsWith(PROVIDERS))
            .map(name -> name + " is no setting of the broker");
    try {
      var _ = new KafkaConfig(settings, false);
      return unknown;
    } catch (ConfigException | IllegalArgumentException e) {
      return Stream.concat(
          unknown, Stream.of("the broker refuses its settings: " + e.getMessage()));
    }
  }

  /** How clients have to speak with it. */
  static String protocol(Cluster cluster) {
    if (Secrets.broker(cluster).isPresent()) {
      return "SSL";
    }
    Map<String, String> settings = broker(cluster).map(BrokerRules::settingsOf).orElse(Map.of());
    String listener = settings.getOrDefault("advertised.listeners", "").replaceFirst(":.*", "");
    return Stream.of(settings.getOrDefault("listener.security.protocol.map", "").split(","))
        .filter(it -> it.startsWith(listener + ":"))
        .map(it -> it.substring(listener.length() + 1))
        .findFirst()
        .orElse("nothing");
  }

  /** What the broker of the base reads from its pod's variables, by Kafka's names. */
  static Map<String, String> settingsOf(Workload broker) {
    Map<String, String> settings = new TreeMap<>();
    broker
        .environment()
        .forEach(
            (name, value) -> {
              if (!NO_SETTINGS.contains(name)) {
                settings.put(setting(name), value);
              }
            });
    return settings;
  }

  private static String setting(String variable) {
    return variable.replaceFirst("^KAFKA_", "").toLowerCase(Locale.ROOT).replace('_', '.');
  }
}

package dev.drpo.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** Settings of a broker that serves one machine: no replication, little memory, quick failover. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String HOST = "127.0.0.1";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** Largest batch of records, in bytes: one group of long responses fits. */
  static final int MESSAGE_MAX_BYTES = 8 << 20;

  private static final List<String> INTERNAL_TOPICS =
      List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic");

  private BrokerSettings() {}

  static Properties of(Path logDirectory, int port, int controllerPort) {
    Properties settings = new Properties();
    node(settings, logDirectory, port, controllerPort);
    smallFootprint(settings);
    shareGroups(settings);
    settings.put("auto.create.topics.enable", "false");
    settings.put("message.max.bytes", Integer.toString(MESSAGE_MAX_BYTES));
    return settings;
  }

  private static void node(Properties settings, Path logDirectory, int port, int controllerPort) {
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    settings.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d"
            .formatted(HOST, port, CONTROLLER_LISTENER, HOST, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
    settings.put("controller.listener.names", CONTROLLER_LISTENER);
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    settings.put("log.dirs", logDirectory.toString());
    // A machine that is busy starting engines may take long to elect and register its only node.
    settings.put("initial.broker.registration.timeout.ms", "120000");
  }

  private static void smallFootprint(Properties settings) {
    for (String topic : INTERNAL_TOPICS) {
      settings.put(topic + ".replication.factor", "1");
      settings.put(topic + ".num.partitions", "1");
    }
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "2");
    settings.put("background.threads", "2");
    // Files of removed records go within two minutes instead of six.
    settings.put("log.retention.check.interval.ms", "60000");
    // The default deduplication buffer takes 128 MiB of heap.
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
  }

  private static void shareGroups(Properties settings) {
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.share.heartbeat.interval.ms", "1000");
    settings.put("group.share.min.heartbeat.interval.ms", "500");
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    settings.put("group.share.max.record.lock.duration.ms", "3600000");
    settings.put("group.share.min.delivery.count.limit", "2");
    // Workers give up on a record some deliveries before the broker would drop it unseen.
    settings.put("group.share.max.delivery.count.limit", "25");
    // Every lease that a replica may hold is one member of the group.
    settings.put("group.share.max.size", "1000");
  }
}

package dev.drpo.benchmarks.pipeline;

import dev.drpo.runtime.messaging.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/** How much the broker stores. */
final class TopicBytes {
  private TopicBytes() {}

  /** Bytes of each topic, by its name without the run's. */
  static Map<String, Long> of(String broker, Topics topics) throws InterruptedException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    List<String> names =
        List.of(topics.prompts(), topics.rollouts(), topics.scored(), topics.weights());
    names.forEach(name -> bytes.put(shortened(name), 0L));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
      List<Integer> nodes = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
      for (Map<String, LogDirDescription> ofNode :
          admin.describeLogDirs(nodes).allDescriptions().get().values()) {
        for (LogDirDescription folder : ofNode.values()) {
          folder
              .replicaInfos()
              .forEach(
                  (partition, replica) -> {
                    if (names.contains(partition.topic())) {
                      bytes.merge(shortened(partition.topic()), replica.size(), Long::sum);
                    }
                  });
        }
      }
      return bytes;
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "the broker at " + broker + " does not tell its sizes: " + e.getCause().getMessage(), e);
    }
  }

  private static String shortened(String topic) {
    return topic.substring(topic.lastIndexOf('.') + 1);
  }
}

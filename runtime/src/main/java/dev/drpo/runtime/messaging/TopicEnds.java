package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the topics that groups pass through ended at one moment: tells records that were there from
 * later ones.
 */
public final class TopicEnds {
  private final Map<TopicPartition, Long> ends;

  private TopicEnds(Map<TopicPartition, Long> ends) {
    this.ends = ends;
  }

  /**
   * Asks the broker.
   *
   * @param patience longest wait for each of two answers
   * @throws MessagingException if it does not answer in time, or lacks a topic
   */
  public static TopicEnds now(Messaging messaging, Duration patience) throws InterruptedException {
    Topics topics = messaging.topics();
    try (Admin admin = messaging.clients().admin(messaging.clientSettings("topic-ends"))) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (TopicDescription topic :
          messaging
              .threads()
              .get(
                  admin
                      .describeTopics(List.of(topics.prompts(), topics.rollouts(), topics.scored()))
                      .allTopicNames(),
                  patience)
              .values()) {
        topic
            .partitions()
            .forEach(
                partition ->
                    latest.put(
                        new TopicPartition(topic.name(), partition.partition()),
                        OffsetSpec.latest()));
      }
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
          messaging.threads().get(admin.listOffsets(latest).all(), patience).entrySet()) {
        ends.put(end.getKey(), end.getValue().offset());
      }
      return new TopicEnds(ends);
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      throw new MessagingException(
          "the broker at %s does not tell where the topics of run %s end: %s; check that it runs, then resume"
              .formatted(messaging.kafka().bootstrapServers(), messaging.run(), e),
          e);
    }
  }

  /** Whether a record was there; false for records of other topics. */
  public boolean follow(RecordPosition record) {
    return record.offset()
        < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
  }
}

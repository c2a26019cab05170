package org.apache.kafka.clients.admin;

import java.util.Map;
import org.apache.kafka.common.KafkaFuture;

/** Makes results that Kafka keeps the constructor of to itself. */
public final class TopicDescriptions {
  private TopicDescriptions() {}

  /** What a broker answers, by topic. */
  public static DescribeTopicsResult of(Map<String, KafkaFuture<TopicDescription>> topics) {
    return new DescribeTopicsResult(null, topics);
  }
}

package org.apache.kafka.clients.admin;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Makes results that Kafka keeps the constructor of to itself. */
public final class ShareOffsets {
  private ShareOffsets() {}

  /** What a broker answers, by group. */
  public static ListShareGroupOffsetsResult of(
      Map<String, KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>>> offsets) {
    Map<CoordinatorKey, KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>>> results =
        new HashMap<>();
    offsets.forEach((group, result) -> results.put(CoordinatorKey.byGroupId(group), result));
    return new ListShareGroupOffsetsResult(results);
  }
}

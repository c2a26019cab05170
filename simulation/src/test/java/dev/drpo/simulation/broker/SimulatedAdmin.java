package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ShareOffsets;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicDescriptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;

/** Answers what the services ask a broker while they work; anything else is a surprise. */
final class SimulatedAdmin {
  private final Host host;
  private final Broker broker;

  private SimulatedAdmin(Host host, Broker broker) {
    this.host = host;
    this.broker = broker;
  }

  static Admin of(Host host, Broker broker) {
    SimulatedAdmin admin = new SimulatedAdmin(host, broker);
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "deleteRecords" -> admin.deleteRecords(arguments[0]);
                  case "listShareGroupOffsets" -> admin.shareOffsets(arguments[0]);
                  case "listOffsets" -> admin.listOffsets(arguments[0]);
                  case "describeTopics" -> admin.describeTopics(arguments[0]);
                  case "close" -> null;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  @SuppressWarnings("unchecked") // As the interface has it.
  private DeleteRecordsResult deleteRecords(Object argument) {
    Map<TopicPartition, KafkaFuture<DeletedRecords>> results = new HashMap<>();
    ((Map<TopicPartition, RecordsToDelete>) argument)
        .forEach(
            (partition, before) ->
                results.put(
                    partition,
                    later(
                        () -> {
                          broker
                              .topic(partition.topic())
                              .removeBefore(partition.partition(), before.beforeOffset());
                          return new DeletedRecords(before.beforeOffset());
                        })));
    return new DeleteRecordsResult(results);
  }

  @SuppressWarnings("unchecked") // As the interface has it.
  private ListOffsetsResult listOffsets(Object argument) {
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> results = new HashMap<>();
    ((Map<TopicPartition, OffsetSpec>) argument)
        .forEach(
            (partition, which) ->
                results.put(
                    partition,
                    later(
                        () -> {
                          Topic topic = broker.topic(partition.topic());
                          long offset =
                              which instanceof OffsetSpec.LatestSpec
                                  ? topic.end(partition.partition())
                                  : topic.start(partition.partition());
                          return new ListOffsetsResultInfo(offset, -1, Optional.empty());
                        })));
    return new ListOffsetsResult(results);
  }

  @SuppressWarnings("unchecked") // As the interface has it.
  private Object describeTopics(Object argument) {
    Map<String, KafkaFutureImpl<TopicDescription>> results = new TreeMap<>();
    ((Collection<String>) argument).forEach(name -> results.put(name, new KafkaFutureImpl<>()));
    // One answer tells of all.
    KafkaFuture<Map<String, TopicDescription>> _ =
        later(
                () -> {
                  Map<String, TopicDescription> found = new HashMap<>();
                  results
                      .keySet()
                      .forEach(
                          name ->
                              broker
                                  .find(name)
                                  .ifPresent(topic -> found.put(name, description(topic))));
                  return found;
                })
            .whenComplete((found, _) -> results.forEach((name, of) -> tell(name, of, found)));
    return TopicDescriptions.of(new TreeMap<>(results));
  }

  private static void tell(
      String name, KafkaFutureImpl<TopicDescription> result, Map<String, TopicDescription> found) {
    if (found.containsKey(name)) {
      result.complete(found.get(name));
    } else {
      result.completeExceptionally(new UnknownTopicOrPartitionException(name));
    }
  }

  private static TopicDescription description(Topic topic) {
    return new TopicDescription(
        topic.name(),
        false,
        IntStream.range(0, topic.partitions())
            .mapToObj(number -> new TopicPartitionInfo(number, null, List.of(), List.of()))
            .toList(),
        Set.of(),
        topic.id());
  }

  @SuppressWarnings("unchecked") // As the interface has it.
  private Object shareOffsets(Object argument) {
    Map<String, KafkaFuture<Map<TopicPartition, SharePartitionOffsetInfo>>> results =
        new HashMap<>();
    ((Map<String, ?>) argument)
        .keySet()
        .forEach(
            name ->
                results.put(
                    name,
                    later(
                        () -> {
                          ShareGroup group =
                              broker
                                  .group(name)
                                  .orElseThrow(() -> new GroupIdNotFoundException(name));
                          return Map.of(
                              new TopicPartition(group.topic().name(), 0),
                              new SharePartitionOffsetInfo(
                                  group.notedFirstOpen(),
                                  Optional.empty(),
                                  Optional.of(group.open())));
                        })));
    return ShareOffsets.of(results);
  }

  /** Waits for the broker, however long it is away. */
  private <T> KafkaFuture<T> later(Supplier<T> action) {
    KafkaFutureImpl<T> result = new KafkaFutureImpl<>();
    broker.scheduler().after(broker.latency(), () -> attempt(action, result));
    return result;
  }

  private <T> void attempt(Supplier<T> action, KafkaFutureImpl<T> result) {
    if (host.isDead()) {
      return;
    }
    if (broker.isUp()) {
      try {
        T found = action.get();
        host.start("admin", () -> result.complete(found));
      } catch (ApiException refused) {
        host.start("admin", () -> result.completeExceptionally(refused));
      }
    } else {
      var _ = broker.state().next().thenRun(() -> attempt(action, result));
    }
  }
}

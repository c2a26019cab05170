package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ShareOffsets;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
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
                          ShareGroup group = broker.group(name);
                          return Map.of(
                              new TopicPartition(group.topic().name(), 0),
                              new SharePartitionOffsetInfo(
                                  group.notedFirstOpen(),
                                  java.util.Optional.empty(),
                                  java.util.Optional.of(group.open())));
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
      T found = action.get();
      host.start("admin", () -> result.complete(found));
    } else {
      var _ = broker.state().next().thenRun(() -> attempt(action, result));
    }
  }
}

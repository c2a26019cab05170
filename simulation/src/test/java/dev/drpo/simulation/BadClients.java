package dev.drpo.simulation;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.messaging.Clients;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.simulation.machine.Host;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Clients that do not do what they are told, as a service that has a bug would not tell them to.
 */
record BadClients(World world, Host host, Clients clients) implements Clients {
  private static final Duration WRITE_BEHIND = Duration.ofMillis(700);

  /** Good clients where nothing is planted that has to do with them. */
  static Clients of(World world, Host host, Clients clients) {
    return switch (world.bug()) {
      case ACKNOWLEDGED_BEFORE_PUBLICATION,
          OFFSETS_COMMITTED_BEFORE_THE_STEP,
          RETENTION_TOO_SHORT ->
          new BadClients(world, host, clients);
      default -> clients;
    };
  }

  private boolean isLearner() {
    return host.name().equals("learner");
  }

  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> settings) {
    return clients.shareConsumer(settings);
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return clients.consumer(settings);
  }

  @Override
  public void awaitTopics(Messaging messaging, Runnable round) throws InterruptedException {
    clients.awaitTopics(messaging, round);
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    Producer<byte[], byte[]> good = clients.producer(settings);
    boolean hasBug = isLearner() != (world.bug() == PlantedBug.ACKNOWLEDGED_BEFORE_PUBLICATION);
    if (!hasBug) {
      return good;
    }
    return switch (world.bug()) {
      case ACKNOWLEDGED_BEFORE_PUBLICATION -> new WriteBehind(good);
      case OFFSETS_COMMITTED_BEFORE_THE_STEP -> new Leaving(good, this::isTaskThatWasSent);
      default -> good;
    };
  }

  private boolean isTaskThatWasSent(ProducerRecord<byte[], byte[]> record) {
    return record.topic().equals(world.topics().prompts())
        && world.broker().entries(record.topic()).stream()
            .anyMatch(entry -> id(entry.value()).equals(id(record.value())));
  }

  private static Object id(byte[] task) {
    try {
      return PromptTask.parseFrom(task).getId();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return Arrays.toString(task);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // As the interface has it.
  public Admin admin(Map<String, Object> settings) {
    Admin good = clients.admin(settings);
    if (world.bug() != PlantedBug.RETENTION_TOO_SHORT) {
      return good;
    }
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, arguments) -> {
              if (method.getName().equals("deleteRecords")) {
                arguments[0] = more((Map<TopicPartition, RecordsToDelete>) arguments[0]);
              }
              try {
                return method.invoke(good, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Everything that there is of scored groups. */
  private Map<TopicPartition, RecordsToDelete> more(Map<TopicPartition, RecordsToDelete> asked) {
    Map<TopicPartition, RecordsToDelete> more = new HashMap<>(asked);
    more.replaceAll(
        (partition, before) ->
            partition.topic().equals(world.topics().scored())
                ? RecordsToDelete.beforeOffset(
                    world
                        .broker()
                        .find(partition.topic())
                        .map(topic -> topic.end(partition.partition()))
                        .orElse(0L))
                : before);
    return more;
  }

  /** Says that all is well, and leaves out some of it. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread at a time runs.
  private static final class Leaving extends MockProducer<byte[], byte[]> {
    private final Producer<byte[], byte[]> good;
    private final Predicate<ProducerRecord<byte[], byte[]>> left;

    Leaving(Producer<byte[], byte[]> good, Predicate<ProducerRecord<byte[], byte[]>> left) {
      this.good = good;
      this.left = left;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (!left.test(record)) {
        return good.send(record, callback);
      }
      return saidToBeThere(record, callback);
    }

    @Override
    public void flush() {
      good.flush();
    }

    @Override
    public void close(Duration timeout) {
      good.close(timeout);
    }
  }

  private static Future<RecordMetadata> saidToBeThere(
      ProducerRecord<byte[], byte[]> record, Callback callback) {
    RecordMetadata metadata =
        new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0);
    callback.onCompletion(metadata, null);
    return CompletableFuture.completedFuture(metadata);
  }

  /** Says that all is well, and publishes a little later. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread at a time runs.
  private final class WriteBehind extends MockProducer<byte[], byte[]> {
    private final Producer<byte[], byte[]> good;

    WriteBehind(Producer<byte[], byte[]> good) {
      this.good = good;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      world
          .scheduler()
          .after(
              WRITE_BEHIND,
              () -> {
                if (!host.isDead()) {
                  var _ = good.send(record, (_, _) -> {});
                }
              });
      return saidToBeThere(record, callback);
    }

    @Override
    public void flush() {
      good.flush();
    }

    @Override
    public void close(Duration timeout) {
      good.close(timeout);
    }
  }
}

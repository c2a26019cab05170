package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Publishes in order and once, however long the broker is away. Now and then it gives up: the
 * record is then in the topic, or is not, and the caller is told neither. Of what is under way when
 * its host dies, the first records may still arrive.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // One thread at a time runs.
final class SimulatedProducer extends MockProducer<byte[], byte[]> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Host host;
  private final Broker broker;
  private final Deque<Sent> underWay = new ArrayDeque<>();
  private final LinkedBlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
  private boolean answering;

  private record Sent(
      ProducerRecord<byte[], byte[]> record,
      Callback callback,
      CompletableFuture<RecordMetadata> done) {}

  SimulatedProducer(Host host, Broker broker) {
    this.host = host;
    this.broker = broker;
    host.atDeath(this::cutOff);
  }

  private void cutOff() {
    int arriving = underWay.isEmpty() ? 0 : broker.chance().below(underWay.size() + 1);
    for (Sent sent : underWay) {
      if (arriving-- > 0 && broker.find(sent.record().topic()).isPresent()) {
        var _ = append(sent);
      }
    }
    underWay.clear();
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    Sent sent = new Sent(record, callback, new CompletableFuture<>());
    underWay.add(sent);
    if (underWay.size() == 1) {
      transmit();
    }
    return sent.done();
  }

  private void transmit() {
    broker.scheduler().after(broker.latency(), this::arrive);
  }

  private void arrive() {
    if (host.isDead()) {
      return;
    }
    if (!broker.isUp() || broker.find(underWay.getFirst().record().topic()).isEmpty()) {
      var _ = broker.state().next().thenRun(this::transmit);
      return;
    }
    Sent first = underWay.removeFirst();
    if (broker.chance().odds(0.003)) {
      giveUp(first);
    } else {
      RecordMetadata where = append(first);
      broker.scheduler().after(broker.latency(), () -> answer(() -> succeed(first, where)));
    }
    if (!underWay.isEmpty()) {
      transmit();
    }
  }

  private void giveUp(Sent sent) {
    if (broker.chance().odds(0.5)) {
      var _ = append(sent);
    }
    Duration patience = broker.chance().odds(0.1) ? PATIENCE : broker.chance().millis(10, 3000);
    broker
        .scheduler()
        .after(
            patience,
            () -> {
              TimeoutException failure = new TimeoutException("no answer to a publication");
              answer(
                  () -> {
                    sent.callback().onCompletion(null, failure);
                    sent.done().completeExceptionally(failure);
                  });
            });
  }

  private RecordMetadata append(Sent sent) {
    Topic topic = broker.topic(sent.record().topic());
    long offset = topic.append(sent.record().key(), sent.record().value(), sent.record().headers());
    return new RecordMetadata(
        new TopicPartition(topic.name(), topic.partitionOf(sent.record().key())),
        offset,
        0,
        0,
        0,
        0);
  }

  private static void succeed(Sent sent, RecordMetadata metadata) {
    sent.callback().onCompletion(metadata, null);
    sent.done().complete(metadata);
  }

  /** On a thread of the producer's own, one after the other. */
  private void answer(Runnable callback) {
    answers.add(callback);
    if (!answering) {
      answering = true;
      host.start("producer", this::answerAll);
    }
  }

  private void answerAll() {
    for (Runnable next = answers.poll(); next != null; next = answers.poll()) {
      next.run();
    }
    answering = false;
  }

  @Override
  public void flush() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    underWay.forEach(sent -> all.add(sent.done().exceptionally(_ -> null)));
    try {
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("failures are taken for ends", e);
    }
  }

  @Override
  public void close(Duration timeout) {
    // What is under way arrives, as it does with ten seconds of time.
  }
}

package dev.drpo.runtime.messaging;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A share group whose records are leased one by one, and which notes what members must not do. A
 * member that polls waits for a record or a wake-up, as Kafka's does. Leases don't expire.
 */
final class MemoryShareGroup {
  private static final String TOPIC = "topic";
  private static final int LATER = 1_000;

  private final Deque<ConsumerRecord<byte[], byte[]>> available = new ArrayDeque<>();
  private final Map<Long, Member> holders = new HashMap<>();
  private final List<String> defects = new ArrayList<>();
  private final List<Long> accepted = new ArrayList<>();
  private int released;
  private int mostLeased;

  private static final class Member {
    boolean woken;
    boolean closed;
  }

  void add(byte[] value) {
    add(value, new RecordHeaders());
  }

  synchronized void add(byte[] value, Headers headers) {
    int offset = available.size() + holders.size() + accepted.size();
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(TOPIC, 0, offset, null, value);
    headers.forEach(record.headers()::add);
    available.add(record);
    notifyAll();
  }

  synchronized int accepted() {
    return accepted.size();
  }

  synchronized int released() {
    return released;
  }

  synchronized int leased() {
    return holders.size();
  }

  /** The most that were leased at once since {@link #forgetMostLeased}. */
  synchronized int mostLeased() {
    return mostLeased;
  }

  synchronized void forgetMostLeased() {
    mostLeased = holders.size();
  }

  synchronized List<String> defects() {
    return List.copyOf(defects);
  }

  /** A new member, with the part of Kafka's interface that lanes use. */
  @SuppressWarnings("unchecked")
  ShareConsumer<byte[], byte[]> join() {
    Member member = new Member();
    return (ShareConsumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            ShareConsumer.class.getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "subscribe" -> null;
                  case "poll" -> poll(member);
                  case "acknowledge" -> {
                    acknowledge(
                        member,
                        (ConsumerRecord<?, ?>) arguments[0],
                        (AcknowledgeType) arguments[1]);
                    yield null;
                  }
                  case "commitSync" -> Map.of();
                  case "wakeup" -> {
                    wake(member);
                    yield null;
                  }
                  case "close" -> {
                    close(member);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private ConsumerRecords<byte[], byte[]> poll(Member member) throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = fetch(member);
    // The member learns of its record a little later than it has it.
    for (int i = 0; i < LATER; i++) {
      Thread.onSpinWait();
    }
    return records;
  }

  private synchronized ConsumerRecords<byte[], byte[]> fetch(Member member)
      throws InterruptedException {
    while (available.isEmpty() && !member.woken) {
      wait();
    }
    if (member.woken) {
      member.woken = false;
      throw new WakeupException();
    }
    ConsumerRecord<byte[], byte[]> record = available.remove();
    holders.put(record.offset(), member);
    mostLeased = Math.max(mostLeased, holders.size());
    return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), List.of(record)), Map.of());
  }

  private synchronized void acknowledge(
      Member member, ConsumerRecord<?, ?> record, AcknowledgeType type) {
    if (holders.get(record.offset()) != member) {
      defects.add("%s of %d, which it does not hold".formatted(type, record.offset()));
      return;
    }
    holders.remove(record.offset());
    switch (type) {
      case ACCEPT -> accept(record.offset());
      case RELEASE -> {
        released++;
        available.add(
            new ConsumerRecord<>(TOPIC, 0, record.offset(), null, (byte[]) record.value()));
      }
      case REJECT, RENEW -> defects.add("%s of %d".formatted(type, record.offset()));
    }
    notifyAll();
  }

  private void accept(long offset) {
    if (accepted.contains(offset)) {
      defects.add("%d is accepted twice".formatted(offset));
    }
    accepted.add(offset);
  }

  private synchronized void wake(Member member) {
    member.woken = true;
    notifyAll();
  }

  /** A member that leaves without a word about a record would lose it a delivery. */
  private synchronized void close(Member member) {
    if (member.closed) {
      defects.add("a member left twice");
    }
    member.closed = true;
    holders.forEach(
        (offset, holder) -> {
          if (holder == member) {
            defects.add("a member left and held %d".formatted(offset));
          }
        });
  }
}

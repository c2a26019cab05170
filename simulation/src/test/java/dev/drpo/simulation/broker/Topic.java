package dev.drpo.simulation.broker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A topic's records, by partition. What is removed at the head leaves the offsets as they are. */
public final class Topic {
  /** A record as the broker keeps it. */
  public record Entry(int partition, long offset, byte[] key, byte[] value, Headers headers) {}

  private static final class Partition {
    private final List<Entry> entries = new ArrayList<>();
    private long start;
  }

  private final String name;
  private final Uuid id;
  private final BiConsumer<String, Entry> observer;
  private final List<Partition> partitions = new ArrayList<>();
  private final News news = new News();

  Topic(String name, Uuid id, int partitions, BiConsumer<String, Entry> observer) {
    this.name = name;
    this.id = id;
    this.observer = observer;
    for (int i = 0; i < partitions; i++) {
      this.partitions.add(new Partition());
    }
  }

  String name() {
    return name;
  }

  /** Tells it from others that have had its name. */
  Uuid id() {
    return id;
  }

  int partitions() {
    return partitions.size();
  }

  News news() {
    return news;
  }

  int partitionOf(byte[] key) {
    return Math.floorMod(Arrays.hashCode(key), partitions.size());
  }

  /** Puts a record behind the last one of its partition; gives its offset. */
  public long append(byte[] key, byte[] value) {
    return append(key, value, new RecordHeaders());
  }

  /** The same of a record with headers. */
  long append(byte[] key, byte[] value, Headers headers) {
    int number = partitionOf(key);
    List<Entry> entries = partitions.get(number).entries;
    Entry entry = new Entry(number, entries.size(), key, value, headers);
    entries.add(entry);
    observer.accept(name, entry);
    news.spread();
    return entry.offset();
  }

  long start(int partition) {
    return partitions.get(partition).start;
  }

  /** Offset behind the last record. */
  public long end(int partition) {
    return partitions.get(partition).entries.size();
  }

  /** A record that is there; the offset must lie between start and end. */
  Entry get(int partition, long offset) {
    return partitions.get(partition).entries.get(Math.toIntExact(offset));
  }

  void removeBefore(int partition, long offset) {
    Partition shortened = partitions.get(partition);
    if (offset > shortened.entries.size()) {
      throw new OffsetOutOfRangeException(name + " does not reach to " + offset);
    }
    shortened.start = Math.max(shortened.start, offset);
  }

  /** Every record that was ever appended, partition by partition. */
  public List<Entry> all() {
    return partitions.stream().flatMap(partition -> partition.entries.stream()).toList();
  }
}

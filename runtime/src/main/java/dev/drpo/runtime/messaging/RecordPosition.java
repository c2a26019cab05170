package dev.drpo.runtime.messaging;

/** Where a record lies in a topic. */
public record RecordPosition(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}

package dev.drpo.runtime.messaging;

import java.util.List;
import java.util.OptionalLong;

/**
 * A topic of a run at one moment.
 *
 * @param topic its name
 * @param records that the broker has
 * @param removed records that retention has removed
 * @param waiting of a work queue: records that no worker is done with, those under way included;
 *     empty for a log, or where no worker has joined yet
 * @param workers of a work queue: the processes that take from it, by the names of their services
 */
public record TopicState(
    String topic, long records, long removed, OptionalLong waiting, List<String> workers) {
  public TopicState {
    workers = List.copyOf(workers);
  }
}

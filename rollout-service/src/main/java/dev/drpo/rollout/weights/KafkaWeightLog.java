package dev.drpo.rollout.weights;

import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The weight log as a topic, whose one partition keeps its order. */
public final class KafkaWeightLog implements WeightLog {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PARTITION = 0;

  private final RecordLog<WeightRecord> log;
  private final Mark endAtOpening;

  private KafkaWeightLog(RecordLog<WeightRecord> log) {
    this.log = log;
    this.endAtOpening = end();
  }

  /**
   * Opens the topic.
   *
   * @throws dev.drpo.runtime.messaging.MessagingException if it does not exist within a minute
   */
  public static KafkaWeightLog open(Messaging messaging) throws InterruptedException {
    RecordLog<WeightRecord> log =
        RecordLog.open(
            messaging, messaging.topics().weights(), WeightRecord.parser(), Map.of(), PATIENCE);
    try {
      return new KafkaWeightLog(log);
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  @Override
  public List<WeightRecord> poll(Duration timeout) throws InterruptedException {
    return log.poll(timeout).stream().map(RecordLog.Entry::value).toList();
  }

  @Override
  public boolean replayed() {
    return hasRead(endAtOpening);
  }

  @Override
  public Mark end() {
    return new Mark(log.endOffsets().get(PARTITION));
  }

  @Override
  public boolean hasRead(Mark mark) {
    return log.positions().get(PARTITION) >= mark.offset();
  }

  @Override
  public void close() {
    // The interrupt that ends the follower would keep the consumer from leaving in order.
    boolean interrupted = Thread.interrupted();
    log.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

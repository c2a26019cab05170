package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.RecordPosition;
import dev.drpo.runtime.messaging.Topics;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jboss.logging.Logger;

/**
 * Keeps what a run has on the broker as short as recovery allows. Of scored groups it needs those
 * from the oldest checkpoint that is kept on; of prompts and rollouts, those that a worker may
 * still be given. Weights are {@link dev.drpo.learner.weights.Publication}'s. One thread uses it.
 */
final class LogRetention {
  private static final Logger LOG = Logger.getLogger(LogRetention.class);

  private final LogHead head;
  private final Topics topics;
  private final CheckpointStore checkpoints;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean told = new AtomicBoolean();

  LogRetention(LogHead head, Topics topics, CheckpointStore checkpoints) {
    this.head = head;
    this.topics = topics;
    this.checkpoints = checkpoints;
  }

  /**
   * Has removed what a checkpoint that was written makes needless, without waiting for it. A broker
   * that refuses keeps the records, which the log says once; it is not asked again for that topic.
   *
   * @throws IOException if the folder of checkpoints can't be read
   */
  void afterCheckpoint() throws IOException {
    String scored = topics.scored();
    checkpoints
        .firstNeededOffsets()
        .forEach(
            (partition, offset) ->
                ask(
                    scored,
                    () -> head.removeBefore(new RecordPosition(scored, partition, offset))));
    ask(topics.prompts(), () -> head.removeDone(topics.prompts(), topics.rolloutWorkers()));
    ask(topics.rollouts(), () -> head.removeDone(topics.rollouts(), topics.rewardWorkers()));
  }

  private void ask(String topic, Supplier<CompletionStage<Void>> removal) {
    if (refused.contains(topic)) {
      return;
    }
    var _ =
        removal
            .get()
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    failed(topic, failure);
                  }
                });
  }

  private void failed(String topic, Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    // A log that the broker has lost has fewer records than the older checkpoints say.
    if (cause instanceof RetriableException || cause instanceof OffsetOutOfRangeException) {
      LOG.debugf(cause, "%s is shortened after the next checkpoint", topic);
    } else if (refused.add(topic) && told.compareAndSet(false, true)) {
      LOG.warnf(
          "the records that no checkpoint needs can't be removed from %s, so that it grows: %s;"
              + " allow this user to delete records of the run's topics and to describe their share"
              + " groups, or set the topics' retention.bytes",
          topic, cause.getMessage());
    }
  }
}

package dev.drpo.cli.chaos;

import com.google.protobuf.Parser;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.TopicView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads all topics of a run while it goes on, since the learner has removed what nobody needs any
 * more, and gathers what an audit asks for.
 */
final class Witness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Evidence evidence = new Evidence();
  private final NewestPatch weights = new NewestPatch();
  private final List<Seen<?>> topics = new ArrayList<>();
  private Seen<WeightRecord> weightLog;

  private record Seen<T>(TopicView<T> view, Consumer<T> take) {
    void read(List<TopicView.Entry<T>> entries, Evidence evidence) {
      for (TopicView.Entry<T> entry : entries) {
        evidence.read(entry.value().isPresent());
        entry.value().ifPresent(take);
      }
    }

    void look(Duration patience, Evidence evidence) throws InterruptedException {
      read(view.poll(patience), evidence);
    }

    void lookToTheEnd(Evidence evidence) throws InterruptedException {
      read(view.readToEnd(), evidence);
    }
  }

  private Witness() {}

  /** Looks at the topics of a run, which exist. */
  static Witness of(Messaging messaging) throws InterruptedException {
    Witness witness = new Witness();
    try {
      witness.see(
          messaging,
          messaging.topics().prompts(),
          PromptTask.parser(),
          witness.evidence::dispatched);
      witness.see(
          messaging,
          messaging.topics().rollouts(),
          RolloutGroup.parser(),
          witness.evidence::sampled);
      witness.see(
          messaging, messaging.topics().scored(), ScoredGroup.parser(), witness.evidence::scored);
      witness.see(
          messaging,
          messaging.topics().deadLetters(),
          DeadLetter.parser(),
          witness.evidence::buried);
      witness.weightLog =
          witness.see(
              messaging, messaging.topics().weights(), WeightRecord.parser(), witness::published);
      return witness;
    } catch (RuntimeException | InterruptedException e) {
      witness.close();
      throw e;
    }
  }

  private <T> Seen<T> see(Messaging messaging, String topic, Parser<T> parser, Consumer<T> take)
      throws InterruptedException {
    Seen<T> seen = new Seen<>(TopicView.open(messaging, topic, parser, PATIENCE), take);
    topics.add(seen);
    return seen;
  }

  private void published(WeightRecord record) {
    weights.add(record);
    if (record.hasAnnouncement()) {
      evidence.announced(record.getAnnouncement());
    }
  }

  /** Takes in what has come, waiting up to a patience for each topic. */
  void look(Duration patience) throws InterruptedException {
    for (Seen<?> topic : topics) {
      topic.look(patience, evidence);
    }
    evidence.removed(topics.stream().mapToLong(topic -> topic.view().removed()).sum());
  }

  /** Takes in everything that is there. */
  void lookToTheEnd() throws InterruptedException {
    for (Seen<?> topic : topics) {
      topic.lookToTheEnd(evidence);
    }
    evidence.removed(topics.stream().mapToLong(topic -> topic.view().removed()).sum());
  }

  /** The end of the weight log as it is now. */
  NewestPatch weights() throws InterruptedException {
    weightLog.lookToTheEnd(evidence);
    return weights;
  }

  Evidence evidence() {
    return evidence;
  }

  @Override
  public void close() {
    topics.forEach(topic -> topic.view().close());
  }
}

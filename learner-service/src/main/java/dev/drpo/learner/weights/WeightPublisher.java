package dev.drpo.learner.weights;

import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Publisher;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;

/** Tells the rollout replicas, through the weight log, that new weights can be fetched. */
public final class WeightPublisher {
  private final Publisher publisher;
  private final String topic;
  private final String run;
  private final String learnerAddress;
  private final InstantSource clock;

  public WeightPublisher(
      Publisher publisher, String topic, String run, String learnerAddress, InstantSource clock) {
    this.publisher = publisher;
    this.topic = topic;
    this.run = run;
    this.learnerAddress = learnerAddress;
    this.clock = clock;
  }

  /** Announces a version and waits until the broker has the announcement. */
  public void announce(PublishedPolicy policy) throws InterruptedException, ExecutionException {
    WeightRecord record =
        WeightRecord.newBuilder()
            .setRun(run)
            .setAnnouncement(
                WeightAnnouncement.newBuilder()
                    .setVersion(policy.version())
                    .setSnapshotBytes(SnapshotStore.bytes(policy))
                    .setLearnerAddress(learnerAddress)
                    .setPublishedAtMillis(clock.millis()))
            .build();
    publisher.publish(topic, run, record).get();
  }
}

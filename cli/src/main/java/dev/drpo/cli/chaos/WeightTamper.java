package dev.drpo.cli.chaos;

import com.google.protobuf.ByteString;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.Readiness;
import dev.drpo.cli.process.Respawner;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightPatchChunk;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Appends records to the weight log that no learner would. The learner is held meanwhile, so that
 * they lie where they are meant to: an announcement that came after a newer one would say that the
 * learner had died and gone back.
 */
final class WeightTamper implements AutoCloseable {
  private final Messaging messaging;
  private final Publisher publisher;
  private final Witness witness;
  private final Respawner.Member broker;
  private final Respawner.Member learner;

  WeightTamper(Messaging messaging, Witness witness, Crew crew) {
    this.messaging = messaging;
    this.publisher = Publisher.open(messaging);
    this.witness = witness;
    this.broker = crew.member(Crew.BROKER);
    this.learner = crew.member(Crew.LEARNER);
  }

  /**
   * Appends the newest patch and its announcement once more, with one byte of one chunk changed.
   *
   * @param draw which
   * @return the version that the patch leads to; empty if there is no patch at the log's end
   */
  Optional<Evidence.Version> damage(long draw) throws InterruptedException, ProcessFailure {
    return whileHeld(
        log -> {
          Optional<NewestPatch.Whole> patch = log.newest();
          if (patch.isEmpty() || patch.get().chunks().isEmpty()) {
            return Optional.empty();
          }
          int damaged = (int) Long.remainderUnsigned(draw, patch.get().chunks().size());
          List<WeightRecord> records = new ArrayList<>();
          for (WeightPatchChunk chunk : patch.get().chunks()) {
            records.add(record(records.size() == damaged ? damaged(chunk, draw) : chunk));
          }
          WeightAnnouncement announcement = patch.get().announcement();
          records.add(
              WeightRecord.newBuilder()
                  .setRun(messaging.run())
                  .setAnnouncement(announcement)
                  .build());
          append(records);
          return Optional.of(Evidence.Version.of(announcement.getVersion()));
        });
  }

  /**
   * Appends the last chunk of the patch before the newest.
   *
   * @return the version that it was to lead to; empty if there are no two patches at the log's end
   */
  Optional<Evidence.Version> late() throws InterruptedException, ProcessFailure {
    return whileHeld(
        log -> {
          Optional<NewestPatch.Whole> patch = log.previous();
          if (patch.isEmpty() || patch.get().chunks().isEmpty()) {
            return Optional.empty();
          }
          WeightPatchChunk chunk = patch.get().chunks().getLast();
          append(List.of(record(chunk)));
          return Optional.of(Evidence.Version.of(chunk.getVersion()));
        });
  }

  private interface Tampering {
    Optional<Evidence.Version> with(NewestPatch log)
        throws InterruptedException, ExecutionException;
  }

  private Optional<Evidence.Version> whileHeld(Tampering tampering)
      throws InterruptedException, ProcessFailure {
    if (!learner.isAlive() || broker.probe() instanceof Readiness.State.Waiting) {
      return Optional.empty();
    }
    learner.pause();
    try {
      return tampering.with(witness.weights());
    } catch (MessagingException | ExecutionException e) {
      // The broker is busy with its start; chunks without their announcement lead nowhere.
      return Optional.empty();
    } finally {
      learner.resume();
    }
  }

  private WeightRecord record(WeightPatchChunk chunk) {
    return WeightRecord.newBuilder().setRun(messaging.run()).setPatchChunk(chunk).build();
  }

  private static WeightPatchChunk damaged(WeightPatchChunk chunk, long draw) {
    byte[] data = chunk.getData().toByteArray();
    data[(int) Long.remainderUnsigned(draw, data.length)] ^= 1;
    return chunk.toBuilder().setData(ByteString.copyFrom(data)).build();
  }

  private void append(List<WeightRecord> records) throws InterruptedException, ExecutionException {
    for (WeightRecord record : records) {
      publisher.publish(messaging.topics().weights(), messaging.run(), record).get();
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}

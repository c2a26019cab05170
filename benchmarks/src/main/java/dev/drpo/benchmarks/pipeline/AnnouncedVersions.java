package dev.drpo.benchmarks.pipeline;

import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.RecordLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads a run's weight log for the versions that are out, and leaves the weights where they are.
 */
final class AnnouncedVersions implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final RecordLog<WeightRecord> log;
  private final Map<Long, CompletableFuture<PolicyVersion>> byStep = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closing;

  private AnnouncedVersions(RecordLog<WeightRecord> log) {
    this.log = log;
    this.thread = Thread.ofPlatform().name("announced-versions").start(this::read);
  }

  static AnnouncedVersions follow(Messaging messaging) throws InterruptedException {
    return new AnnouncedVersions(
        RecordLog.open(
            messaging, messaging.topics().weights(), WeightRecord.parser(), Map.of(), PATIENCE));
  }

  /** The version of a step, once it is out. */
  CompletableFuture<PolicyVersion> of(long step) {
    return byStep.computeIfAbsent(step, _ -> new CompletableFuture<>());
  }

  private void read() {
    try {
      while (!closing) {
        for (RecordLog.Entry<WeightRecord> entry : log.poll(POLL)) {
          if (entry.value().hasAnnouncement()) {
            PolicyVersion version = entry.value().getAnnouncement().getVersion();
            of(version.getStep()).complete(version);
          }
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; close raises a flag.
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
    log.close();
  }
}

package dev.drpo.benchmarks.weights;

import dev.drpo.policy.patch.PatchAssembly;
import dev.drpo.policy.patch.PatchChunk;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A weight log on a broker: a learner's publisher and a replica's reader in one. */
final class WeightLogTransfer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final String RUN = "bench-weights";

  private final Messaging messaging;
  private final Publisher publisher;
  private final RecordLog<WeightRecord> log;
  private final PatchAssembly assembly;

  private WeightLogTransfer(
      Messaging messaging, Publisher publisher, RecordLog<WeightRecord> log, Path folder) {
    this.messaging = messaging;
    this.publisher = publisher;
    this.log = log;
    this.assembly = new PatchAssembly(folder);
  }

  /** Creates the log on a broker at host:port; received chunks are kept in the folder. */
  static WeightLogTransfer open(String broker, Path folder) throws InterruptedException {
    Messaging messaging =
        Messaging.of(
            ConfigLoader.load(
                null, Map.of(), Map.of("run.id", RUN, "kafka.bootstrap-servers", broker)),
            RUN,
            InstantSource.system());
    new TopicProvisioner(messaging).provision(PATIENCE);
    Publisher publisher = Publisher.open(messaging);
    RecordLog<WeightRecord> log =
        RecordLog.open(
            messaging, messaging.topics().weights(), WeightRecord.parser(), Map.of(), PATIENCE);
    return new WeightLogTransfer(messaging, publisher, log, folder);
  }

  /** Sends a patch; returns when all of it has come back, as a file of its own. */
  PatchFile send(Transition transition, PatchFile patch) throws IOException, InterruptedException {
    List<CompletableFuture<?>> sent = new ArrayList<>();
    for (int i = 0; i < patch.chunks(); i++) {
      PatchChunk chunk = PatchChunk.of(transition, i, patch.chunks(), patch.chunk(i));
      sent.add(publisher.publish(messaging.topics().weights(), RUN, record(chunk)));
    }
    sent.forEach(CompletableFuture::join);
    int received = 0;
    while (received < patch.chunks()) {
      for (RecordLog.Entry<WeightRecord> entry : log.poll(POLL)) {
        assembly.add(PolicyRecords.chunk(entry.value().getPatchChunk()));
        received++;
      }
    }
    return switch (assembly.take(transition, patch.chunks())) {
      case PatchAssembly.Found.Whole(PatchFile whole) -> whole;
      case PatchAssembly.Found.Useless(String reason) -> throw new IOException(reason);
    };
  }

  private static WeightRecord record(PatchChunk chunk) {
    return WeightRecord.newBuilder().setRun(RUN).setPatchChunk(PolicyRecords.of(chunk)).build();
  }

  @Override
  public void close() throws IOException {
    assembly.close();
    log.close();
    publisher.close();
  }
}

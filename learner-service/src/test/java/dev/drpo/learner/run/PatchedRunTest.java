package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.learner.RunFiles;
import dev.drpo.learner.weights.Snapshot;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchApplier;
import dev.drpo.policy.patch.PatchAssembly;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.patch.Transition;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.proto.learner.v1.PublicationSummary;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.reports.RunReport;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs that publish bf16 weights, whose small updates travel as patches, over a real broker. */
@Timeout(300)
class PatchedRunTest {
  @TempDir static Path directory;
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();
  private static RunFiles files;

  @BeforeAll
  static void start() throws Exception {
    files = RunFiles.write(directory);
  }

  @Test
  void thePatchesLeadFromASnapshotToTheLearnersWeights() throws Exception {
    RunConfig config = config("patched", Map.of());
    RunStatus status = status(config);
    Learner learner = new Learner(config, messaging(config), status);
    RunReport report = complete(config, learner);

    List<WeightRecord> records = weightLog(config, RunFiles.STEPS);
    assertCountsThePatches(status.snapshot().getPublications(), learner);
    WeightAnnouncement first =
        records.stream()
            .filter(WeightRecord::hasAnnouncement)
            .map(WeightRecord::getAnnouncement)
            .findFirst()
            .orElseThrow();
    // The log begins where the oldest version that can be fetched does, with the way to it.
    assertThat(first.getVersion().getStep()).isEqualTo(2);
    Snapshot snapshot = learner.policies().find(2).orElseThrow();
    assertThat(first.getVersion()).isEqualTo(PolicyRecords.of(snapshot.version()));
    Path replica = Files.copy(snapshot.file(), directory.resolve("replica.safetensors"));
    assertThat(follow(records, replica, snapshot.version()).hex()).isEqualTo(report.policyDigest());
  }

  @Test
  void aStoppedRunResumesToTheSameWeightsAndPublishesThemAgain() throws Exception {
    RunReport uninterrupted;
    RunConfig whole = config("whole", Map.of());
    uninterrupted = complete(whole, new Learner(whole, messaging(whole), status(whole)));
    RunConfig half = config("resumed", Map.of("training.steps", "2"));
    complete(half, new Learner(half, messaging(half), status(half)));
    long halfWay = weightLog(half, 2).size();

    RunConfig rest = config("resumed", Map.of());
    RunReport resumed = complete(rest, new Learner(rest, messaging(rest), status(rest)));

    assertThat(resumed.policyDigest()).isEqualTo(uninterrupted.policyDigest());
    assertThat(halfWay).isPositive();
    List<WeightAnnouncement> announced =
        weightLog(rest, RunFiles.STEPS).stream()
            .filter(WeightRecord::hasAnnouncement)
            .map(WeightRecord::getAnnouncement)
            .toList();
    assertThat(announced).extracting(a -> a.getVersion().getStep()).containsExactly(2L, 3L, 4L);
    // Whoever has the weights that it resumed from needs no snapshot.
    assertThat(announced)
        .extracting(WeightAnnouncement::hasPatch)
        .containsExactly(false, true, true);
    assertThat(announced.get(1).getPatch().getBase()).isEqualTo(announced.get(0).getVersion());
  }

  @Test
  void updatesThatChangeTooMuchAreAnnouncedAlone() throws Exception {
    RunConfig config = config("unpatched", Map.of("weights.most-patch-fraction", "0.0001"));
    complete(config, new Learner(config, messaging(config), status(config)));
    assertThat(weightLog(config, RunFiles.STEPS))
        .allSatisfy(
            record -> {
              assertThat(record.hasAnnouncement()).isTrue();
              assertThat(record.getAnnouncement().hasPatch()).isFalse();
            });
  }

  @Test
  void aPublicationThatFailsBesideTheNextStepStopsTheRun() throws Exception {
    RunConfig config = config("failing", Map.of());
    Learner learner = new Learner(config, messaging(config), status(config));
    // Where the first patch is to lie.
    Path inTheWay =
        Files.createDirectory(directory.resolve("failing/weights/policy-00000001.patch"));
    assertThatThrownBy(() -> complete(config, learner))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(inTheWay.toString());
  }

  private static void assertCountsThePatches(PublicationSummary counted, Learner learner)
      throws IOException {
    int versions = RunFiles.STEPS + 1;
    assertThat(counted.getVersions()).isEqualTo(versions);
    assertThat(counted.getPatched()).isEqualTo(RunFiles.STEPS);
    long snapshot = Files.size(learner.policies().find(RunFiles.STEPS).orElseThrow().file());
    assertThat(counted.getSnapshotBytes()).isEqualTo(versions * snapshot);
    assertThat(counted.getPatchBytes()).isPositive().isLessThan(RunFiles.STEPS * snapshot / 2);
    assertThat(counted.getEncodingSeconds()).isPositive();
    assertThat(counted.getPublicationSeconds()).isPositive();
  }

  /** Applies what follows the version that a file holds. */
  private static PolicyDigest follow(List<WeightRecord> records, Path file, PolicyVersion holds)
      throws Exception {
    PolicyVersion current = holds;
    try (PatchAssembly assembly = new PatchAssembly(directory);
        SafetensorsFile policy = SafetensorsFile.openWritable(file)) {
      for (WeightRecord record : records) {
        if (record.hasPatchChunk()) {
          assembly.add(PolicyRecords.chunk(record.getPatchChunk()));
          continue;
        }
        WeightAnnouncement announcement = record.getAnnouncement();
        PolicyVersion version = PolicyRecords.version(announcement.getVersion());
        if (version.step() <= current.step()) {
          continue;
        }
        assertThat(PolicyRecords.version(announcement.getPatch().getBase())).isEqualTo(current);
        Transition transition = new Transition(current, version);
        PatchAssembly.Found found = assembly.take(transition, announcement.getPatch().getChunks());
        try (PatchFile patch = ((PatchAssembly.Found.Whole) found).patch()) {
          assertThat(PatchApplier.apply(patch, policy))
              .isEqualTo(announcement.getPatch().getChanged());
        }
        assertThat(PolicyDigest.of(policy)).isEqualTo(version.digest());
        current = version;
      }
      return PolicyDigest.of(policy);
    }
  }

  /** The log up to a step's announcement. */
  private static List<WeightRecord> weightLog(RunConfig config, long lastStep) throws Exception {
    Messaging messaging = messaging(config);
    List<WeightRecord> records = new ArrayList<>();
    try (RecordLog<WeightRecord> log =
        RecordLog.open(
            messaging,
            messaging.topics().weights(),
            WeightRecord.parser(),
            Map.of(),
            Duration.ofMinutes(1))) {
      Await.until(
          "the announcement of step " + lastStep,
          () -> {
            try {
              log.poll(Duration.ofMillis(100)).forEach(entry -> records.add(entry.value()));
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return !records.isEmpty()
                && records.getLast().getAnnouncement().getVersion().getStep() == lastStep;
          });
    }
    return records;
  }

  private static RunReport complete(RunConfig config, Learner learner) throws Exception {
    try (FakeWorker worker = new FakeWorker(messaging(config))) {
      worker.follow(learner.policies(), Long.MAX_VALUE);
      RunReport report = learner.run(new RunStop());
      assertThat(worker.failure()).isEmpty();
      return report;
    }
  }

  private static RunConfig config(String run, Map<String, String> changes) {
    Map<String, String> settings = new TreeMap<>(files.settings(run, broker.bootstrapServers()));
    settings.put("weights.type", "bfloat16");
    settings.put("weights.most-patch-fraction", "0.5");
    settings.put("weights.patch-chunk-bytes", "1024");
    settings.put("optimizer.learning-rate", "1e-5");
    settings.put("training.checkpoint-every", "2");
    settings.putAll(changes);
    return ConfigLoader.load(null, Map.of(), settings);
  }

  private static Messaging messaging(RunConfig config) {
    return Messaging.of(config, "learner-test", InstantSource.system());
  }

  private static RunStatus status(RunConfig config) {
    return new RunStatus(config.run().id(), config.training().steps());
  }
}

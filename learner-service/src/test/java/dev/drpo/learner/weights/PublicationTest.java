package dev.drpo.learner.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.proto.records.v1.WeightAnnouncement;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.messaging.LogHead;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.runtime.messaging.TopicView;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import dev.drpo.testkit.TinyPolicy;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class PublicationTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();
  @TempDir Path directory;

  @Test
  void aVersionIsTheWeightsAsTheyWereWhenItWasHandedOver() throws Exception {
    publishing(
        "handed-over",
        (store, publication, decoder) -> {
          Path expected = directory.resolve("expected");
          decoder.save(expected, ElementType.BF16);
          publication.publish(1);
          try (SafetensorsFile next = SafetensorsFile.open(weights(2))) {
            decoder.replaceWeights(next);
          }
          PolicyVersion out = publication.await();

          assertThat(out).isEqualTo(new PolicyVersion(1, digest(expected)));
          assertThat(store.find(1).orElseThrow().file()).hasSameBinaryContentAs(expected);
          publication.publish(2);
          decoder.save(expected, ElementType.BF16);
          assertThat(publication.await()).isEqualTo(new PolicyVersion(2, digest(expected)));
        });
  }

  /** As on a full disk: the learner's step goes on, and hears of it when it waits or asks. */
  @Test
  void aVersionThatCanNotBeWrittenFailsBesideTheNextStepAndEarlierOnesStay() throws Exception {
    publishing(
        "unwritable",
        (store, publication, decoder) -> {
          Path inTheWay = directory.resolve("weights/policy-00000001.safetensors.partial");
          Files.createDirectory(inTheWay);

          publication.publish(1);

          Await.until(
              "the failure",
              () -> {
                try {
                  publication.requireWorking();
                  return false;
                } catch (UncheckedIOException e) {
                  return true;
                }
              });
          assertThatThrownBy(publication::await)
              .isInstanceOf(UncheckedIOException.class)
              .hasMessageContaining(inTheWay.toString());
          assertThatThrownBy(() -> publication.publish(2)).isInstanceOf(UncheckedIOException.class);
          assertThat(store.newest().orElseThrow().version().step()).isZero();
          assertThat(store.find(0).orElseThrow().file()).exists();
        });
  }

  @Test
  void theNewestVersionIsAnnouncedOnceMoreWithoutItsPatch() throws Exception {
    publishing(
        "announced-again",
        (store, publication, decoder) -> {
          publication.publish(1);
          publication.announceAgain();
          PolicyVersion out = publication.await();

          WeightAnnouncement last = announcements("announced-again").getLast();
          assertThat(PolicyRecords.version(last.getVersion())).isEqualTo(out);
          assertThat(last.hasPatch()).isFalse();
          publication.publish(2);
          publication.await();
          assertThat(announcements("announced-again").getLast().getVersion().getStep())
              .isEqualTo(2);
        });
  }

  private static List<WeightAnnouncement> announcements(String run) throws Exception {
    Messaging messaging = messaging(run);
    try (TopicView<WeightRecord> log =
        TopicView.open(
            messaging,
            messaging.topics().weights(),
            WeightRecord.parser(),
            Duration.ofMinutes(2))) {
      return log.readToEnd().stream()
          .flatMap(entry -> entry.value().stream())
          .filter(WeightRecord::hasAnnouncement)
          .map(WeightRecord::getAnnouncement)
          .toList();
    }
  }

  private interface Use {
    void with(SnapshotStore store, Publication publication, Decoder decoder) throws Exception;
  }

  private void publishing(String run, Use use) throws Exception {
    Messaging messaging = messaging(run);
    new TopicProvisioner(messaging).provision(Duration.ofMinutes(2));
    TensorEngine.prepareThread();
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.BF16, 3);
    try (NDManager manager = TensorEngine.newManager();
        SafetensorsFile file = SafetensorsFile.open(weights(1));
        Decoder decoder = Decoder.load(manager, TinyPolicy.Preset.SLIM.config(), file);
        Publisher publisher = Publisher.open(messaging);
        LogHead head = LogHead.open(messaging);
        Publication publication =
            new Publication(
                store,
                new WeightLogWriter(
                    publisher,
                    messaging.topics().weights(),
                    run,
                    "localhost:9000",
                    1024,
                    0.5,
                    messaging.clock()),
                head,
                (_, _) -> {},
                store.add(0, store.write(0, decoder)),
                CopiedWeights.of(decoder, store.type()),
                messaging.threads())) {
      publication.await();
      use.with(store, publication, decoder);
    }
  }

  private Path weights(long seed) throws Exception {
    return TinyPolicy.weights(directory.resolve("model-" + seed), seed, TinyPolicy.Preset.SLIM);
  }

  private static PolicyDigest digest(Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return PolicyDigest.of(weights);
    }
  }

  private static Messaging messaging(String run) {
    Map<String, String> settings =
        Map.of("run.id", run, "kafka.bootstrap-servers", broker.bootstrapServers());
    return Messaging.of(
        ConfigLoader.load(null, Map.of(), settings), "learner-test", InstantSource.system());
  }
}

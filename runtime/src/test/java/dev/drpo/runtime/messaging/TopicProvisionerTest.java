package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TopicProvisionerTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  @Test
  void servicesThatStartAtOnceProvisionOneSetOfTopicsAndLeases() throws Exception {
    try (ExecutorService services = Executors.newVirtualThreadPerTaskExecutor()) {
      TestRun run = TestRun.named("together", "tester", broker.bootstrapServers(), 17, 3);
      List<Future<Boolean>> provisioned =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      services.submit(
                          () -> {
                            new TopicProvisioner(run.messaging()).provision(TestRun.PATIENCE);
                            return true;
                          }))
              .toList();
      for (Future<Boolean> each : provisioned) {
        assertThat(each.get(120, TimeUnit.SECONDS)).isTrue();
      }
      Topics topics = run.messaging().topics();
      ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, topics.rolloutWorkers());
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        assertThat(admin.listTopics().names().get(60, TimeUnit.SECONDS))
            .contains(
                "together.drpo.prompts",
                "together.drpo.rollouts",
                "together.drpo.scored",
                "together.drpo.weights",
                "together.drpo.dead-letters");
        Config leases =
            admin.describeConfigs(List.of(group)).all().get(60, TimeUnit.SECONDS).get(group);
        assertThat(leases.get("share.record.lock.duration.ms").value()).isEqualTo("17000");
        assertThat(leases.get("share.auto.offset.reset").value()).isEqualTo("earliest");
        assertThat(leases.get("share.delivery.count.limit").value()).isEqualTo("8");
      }
    }
  }

  @Test
  void whatTheLearnerRemovesLiesInSmallFilesAndGoesWithAnAbandonedRun() throws Exception {
    TestRun run = TestRun.provision(broker.bootstrapServers(), 30, 5);
    Topics topics = run.messaging().topics();
    for (String removed :
        List.of(topics.prompts(), topics.rollouts(), topics.scored(), topics.weights())) {
      Config config = config(removed);
      assertThat(config.get("segment.bytes").value()).isEqualTo("67108864");
      assertThat(config.get("retention.ms").value()).isEqualTo("2592000000");
      assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
    }
    assertThat(config(topics.deadLetters()).get("retention.ms").value()).isEqualTo("-1");
  }

  @Test
  void aTopicThatExistsKeepsItsSettingsButTakesTheLargestRecords() throws Exception {
    TestRun run = TestRun.named("existing", "tester", broker.bootstrapServers(), 17, 3);
    String scored = run.messaging().topics().scored();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(scored, 1, (short) 1).configs(Map.of("retention.ms", "3600000"))))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    new TopicProvisioner(run.messaging()).provision(TestRun.PATIENCE);
    assertThat(config(scored).get("retention.ms").value()).isEqualTo("3600000");
    assertThat(config(scored).get("max.message.bytes").value())
        .isEqualTo(Integer.toString(RecordLimits.BATCH));
  }

  private static Config config(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin.describeConfigs(List.of(resource)).all().get(60, TimeUnit.SECONDS).get(resource);
    }
  }

  @Test
  void aQueueThatSomebodySplitIsRefused() throws Exception {
    TestRun run = TestRun.named("split", "tester", broker.bootstrapServers(), 17, 3);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(run.prompts(), 3, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    assertThatThrownBy(() -> new TopicProvisioner(run.messaging()).provision(TestRun.PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("split.drpo.prompts")
        .hasMessageContaining("3 partitions")
        .hasMessageContaining("run.id");
  }

  @Test
  void aBrokerWithoutShareGroupsIsRefusedWithTheRemedy(@TempDir Path folder) throws Exception {
    try (EmbeddedBroker lacking =
            EmbeddedBroker.start(
                folder, 0, Map.of("group.share.max.record.lock.duration.ms", "30000"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", lacking.bootstrapServers()))) {
      TestRun run = TestRun.named("shareless", "tester", lacking.bootstrapServers(), 31, 3);
      assertRefused(run, "raise group.share.max.record.lock.duration.ms");
      admin
          .updateFeatures(
              Map.of(
                  "share.version",
                  new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)),
              new UpdateFeaturesOptions())
          .all()
          .get(60, TimeUnit.SECONDS);
      Await.until(
          "share groups switched off",
          () ->
              !admin
                  .describeFeatures()
                  .featureMetadata()
                  .get()
                  .finalizedFeatures()
                  .containsKey("share.version"));
      assertRefused(run, "upgrade --feature share.version=1");
    }
  }

  @Test
  void aBrokerThatTakesNoLargeRequestsIsRefusedWithTheNumbers(@TempDir Path folder) {
    try (EmbeddedBroker narrow =
        EmbeddedBroker.start(folder, 0, Map.of("socket.request.max.bytes", "9000000"))) {
      assertRefused(
          TestRun.named("narrow", "tester", narrow.bootstrapServers(), 17, 3),
          "requests of 9000000 bytes at most");
    }
  }

  /** As one says of settings that came after it; told apart from a lease that is too long. */
  @Test
  void aBrokerThatDoesNotKnowTheLeasesIsTooOld() {
    TestRun run = TestRun.named("old", "tester", broker.bootstrapServers(), 17, 3);
    assertThatThrownBy(
            () ->
                new TopicProvisioner(run.messaging(), Map.of("share.unheard.of", "1"))
                    .provision(TestRun.PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining("is too old")
        .hasMessageContaining("share.unheard.of")
        .hasMessageContaining("Kafka 4.3 or newer")
        .hasMessageContaining("upgrade it");
  }

  private static void assertRefused(TestRun run, String remedy) {
    assertThatThrownBy(() -> new TopicProvisioner(run.messaging()).provision(TestRun.PATIENCE))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining(run.messaging().kafka().bootstrapServers())
        .hasMessageContaining(remedy);
  }

  @Test
  void aBrokerThatNeverComesIsNamedWithTheRemedy() throws Exception {
    String address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    TestRun run = TestRun.named("nobody", "tester", address, 30, 5);
    assertThatThrownBy(
            () -> new TopicProvisioner(run.messaging()).provision(Duration.ofMillis(100)))
        .isInstanceOf(MessagingException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("kafka.bootstrap-servers");
  }
}

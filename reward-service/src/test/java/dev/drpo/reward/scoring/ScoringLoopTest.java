package dev.drpo.reward.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.Web;
import dev.drpo.runtime.config.RecordBudget;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerResource;
import dev.drpo.testkit.Monitored;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service between real topics of a real broker. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class ScoringLoopTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TestHTTPResource("/")
  URI root;

  @Inject RunConfig configuration;

  private Messaging messaging;

  @BeforeEach
  void provision() throws InterruptedException {
    messaging = Messaging.of(configuration, "test", InstantSource.system());
    new TopicProvisioner(messaging).provision(PATIENCE);
  }

  @Test
  void groupsAreScoredWholeAndPoisonBecomesDeadLettersWhileTheLoopGoesOn() throws Exception {
    RolloutGroup first =
        group("p-1", "1/2", "<think> </think> \\boxed{0.5}", "</think> \\boxed{2}", "\\boxed{0.5}");
    RolloutGroup poison = group("p-2", "1", "a").toBuilder().clearGolds().build();
    RolloutGroup last =
        truncated(group("p-3", "six", "</think> \\boxed{7}")).toBuilder().addGolds("7").build();
    // A record may be so large, but not with a verdict.
    RolloutGroup small = group("p-4", "1", "a");
    RolloutGroup large =
        small.toBuilder()
            .putMetadata(
                "filler", "x".repeat(RecordBudget.LARGEST - small.getSerializedSize() - 30))
            .build();
    try (Publisher publisher = Publisher.open(messaging)) {
      for (RolloutGroup group : List.of(first, poison, large, last)) {
        publisher.publish(messaging.topics().rollouts(), group.getId().getPrompt(), group).get();
      }
    }

    List<ScoredGroup> scored = read(messaging.topics().scored(), ScoredGroup.parser(), 2);
    assertThat(scored).extracting(ScoredGroup::getGroup).containsExactlyInAnyOrder(first, last);
    ScoredGroup scoredFirst =
        scored.stream().filter(s -> s.getGroup().equals(first)).findFirst().orElseThrow();
    assertThat(scoredFirst.getVerdictsList())
        .extracting(Verdict::getReward)
        .containsExactly(1.0, 0.0, 0.0);
    assertThat(scoredFirst.getVerdictsList())
        .extracting(Verdict::getRule)
        .containsExactly("equal-numbers", "different-numbers", "no-think-end");
    assertThat(scoredFirst.getVerdicts(0).getComponentsMap())
        .containsEntry("answer", 1.0)
        .containsEntry("format", 1.0)
        .containsKey("brevity");
    assertThat(scoredFirst.getVerdictsList()).extracting(Verdict::getTruncated).containsOnly(false);
    ScoredGroup scoredLast =
        scored.stream().filter(s -> s.getGroup().equals(last)).findFirst().orElseThrow();
    assertThat(scoredLast.getVerdicts(0).getTruncated()).isTrue();
    assertThat(scoredLast.getVerdicts(0).getReward()).isEqualTo(1);
    assertThat(scoredFirst.getVerifierVersion()).isNotEmpty();
    assertThat(scoredFirst.getReplica()).isNotEmpty();

    List<DeadLetter> letters = read(messaging.topics().deadLetters(), DeadLetter.parser(), 2);
    DeadLetter letter = of(poison, letters);
    assertThat(letter.getReason()).contains("no golds");
    assertThat(RolloutGroup.parseFrom(letter.getOriginalValue())).isEqualTo(poison);
    DeadLetter ofLarge = of(large, letters);
    assertThat(ofLarge.getReason()).contains("the scored group can't be published", "33554432");
    assertThat(RolloutGroup.parseFrom(ofLarge.getOriginalValue())).isEqualTo(large);

    Web web = new Web(root);
    assertThat(web.get("/q/health/ready").statusCode()).isEqualTo(200);
    assertThat(web.get("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(web.get("/q/metrics").body())
        .contains("drpo_reward_groups_total{result=\"rejected\"} 2.0")
        .contains("drpo_reward_groups_total{result=\"scored\"} 2.0")
        .contains("drpo_reward_responses_total 4.0")
        .contains("drpo_reward_truncated_total 1.0")
        .contains("drpo_reward_component_count{function=\"brevity\"} 5")
        .contains("drpo_reward_judge_steps_count 5")
        .contains("drpo_reward_judge_seconds_bucket");
    assertThat(Monitored.missing("reward", web.get("/q/metrics").body())).isEmpty();
  }

  private static DeadLetter of(RolloutGroup group, List<DeadLetter> letters) {
    return letters.stream()
        .filter(letter -> letter.getId().equals(group.getId()))
        .findFirst()
        .orElseThrow();
  }

  private static RolloutGroup truncated(RolloutGroup group) {
    RolloutGroup.Builder cut = group.toBuilder();
    cut.getRolloutsBuilderList()
        .forEach(rollout -> rollout.setFinishReason(FinishReason.FINISH_REASON_LENGTH));
    return cut.build();
  }

  private RolloutGroup group(String prompt, String gold, String... texts) {
    return Groups.group(configuration.run().id(), prompt, gold, texts).build();
  }

  private <T extends Message> List<T> read(String topic, Parser<T> parser, int count)
      throws InterruptedException {
    List<T> found = new ArrayList<>();
    try (RecordLog<T> log = RecordLog.open(messaging, topic, parser, Map.of(), PATIENCE)) {
      Await.until(
          count + " records of " + topic,
          () -> {
            log.poll(Duration.ofSeconds(1)).forEach(entry -> found.add(entry.value()));
            return found.size() >= count;
          });
    }
    assertThat(found).as("records of %s", topic).hasSize(count);
    return found;
  }
}

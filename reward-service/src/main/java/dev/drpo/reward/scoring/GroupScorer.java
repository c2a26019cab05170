package dev.drpo.reward.scoring;

import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.reward.MeteredJudge;
import dev.drpo.reward.judge.Policies;
import dev.drpo.runtime.messaging.Messaging;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Judges every response of a group. Groups are scored whole or not at all. */
@Singleton
class GroupScorer {
  private final MeteredJudge judge;
  private final Policies policies;
  private final Messaging messaging;
  private final InstantSource clock;
  private final String version;

  GroupScorer(
      MeteredJudge judge,
      Policies policies,
      Messaging messaging,
      InstantSource clock,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.judge = judge;
    this.policies = policies;
    this.messaging = messaging;
    this.clock = clock;
    this.version = version;
  }

  Scoring score(RolloutGroup group) {
    return GroupDefects.find(group, messaging.run())
        .<Scoring>map(Scoring.Malformed::new)
        .orElseGet(() -> new Scoring.Scored(scored(group)));
  }

  private ScoredGroup scored(RolloutGroup group) {
    ScoredGroup.Builder scored = ScoredGroup.newBuilder().setGroup(group);
    for (Rollout rollout : group.getRolloutsList()) {
      scored.addVerdicts(judge.judge(rollout.getText(), group.getGoldsList(), policies));
    }
    return scored
        .setVerifierVersion(version)
        .setReplica(messaging.service())
        .setCreatedAtMillis(clock.millis())
        .build();
  }
}

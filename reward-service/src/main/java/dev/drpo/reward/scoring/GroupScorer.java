package dev.drpo.reward.scoring;

import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.call.Workers;
import dev.drpo.reward.function.RewardUnavailableException;
import dev.drpo.reward.function.RunReward;
import dev.drpo.reward.function.Submission;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.records.GroupDefects;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Judges every response of a group, several at once. Groups are scored whole or not at all. */
@Singleton
class GroupScorer {
  private final RunReward reward;
  private final Executor workers;
  private final Messaging messaging;
  private final InstantSource clock;
  private final String version;

  @Inject
  GroupScorer(
      RunReward reward,
      Workers workers,
      Messaging messaging,
      InstantSource clock,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this(reward, (Executor) workers, messaging, clock, version);
  }

  /** Judges on whatever threads the executor has. */
  GroupScorer(
      RunReward reward,
      Executor workers,
      Messaging messaging,
      InstantSource clock,
      String version) {
    this.reward = reward;
    this.workers = workers;
    this.messaging = messaging;
    this.clock = clock;
    this.version = version;
  }

  /**
   * Scores a group.
   *
   * @throws RuntimeException if a reward function fails
   */
  Scoring score(RolloutGroup group) {
    return GroupDefects.find(group, messaging.run())
        .<Scoring>map(Scoring.Malformed::new)
        .orElseGet(() -> scored(group));
  }

  private Scoring scored(RolloutGroup group) {
    long began = messaging.threads().nanoTime();
    List<CompletableFuture<Verdict>> verdicts =
        group.getRolloutsList().stream()
            .map(rollout -> submission(group, rollout))
            .map(
                submission ->
                    CompletableFuture.supplyAsync(() -> reward.verdict(submission), workers))
            .toList();
    try {
      // Waits for all, even if one fails: what still runs would compete with the next attempt.
      CompletableFuture.allOf(verdicts.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      return switch (e.getCause()) {
        case RewardUnavailableException unavailable ->
            new Scoring.Unavailable(unavailable.getMessage());
        case RuntimeException failure -> throw failure;
        default -> throw e;
      };
    }
    return new Scoring.Scored(
        ScoredGroup.newBuilder()
            .setGroup(group)
            .addAllVerdicts(verdicts.stream().map(CompletableFuture::resultNow).toList())
            .setVerifierVersion(version)
            .setReplica(messaging.service())
            .setCreatedAtMillis(clock.millis())
            .setJudgingMillis(TimeUnit.NANOSECONDS.toMillis(messaging.threads().nanoTime() - began))
            .build());
  }

  private static Submission submission(RolloutGroup group, Rollout rollout) {
    return new Submission(
        rollout.getText(), group.getGoldsList(), rollout.getFinishReason(), group.getMetadataMap());
  }
}

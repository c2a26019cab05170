package dev.drpo.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.records.v1.VersionSpan;
import dev.drpo.simulation.broker.Topic;
import dev.drpo.simulation.machine.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has the planned faults happen to a world. */
final class Faults {
  private final World world;
  private final List<Fault> planned;
  private final List<Topic.Entry> garbage = new ArrayList<>();
  private int next;

  Faults(World world, List<Fault> planned) {
    this.world = world;
    this.planned = planned;
  }

  /** What nobody can read, as it lies in the topics. */
  List<Topic.Entry> garbage() {
    return garbage;
  }

  /** How many have happened. */
  int struck() {
    return next;
  }

  /** Has happen what is due. */
  void strike() {
    while (next < planned.size() && planned.get(next).atStep() <= world.scheduler().steps()) {
      strike(planned.get(next++));
    }
  }

  private void strike(Fault fault) {
    world.trace().add("fault: %s", fault);
    Chance chance = new Chance(fault.seed());
    switch (fault.kind()) {
      case KILL_LEARNER -> kill(world.services().getFirst(), chance);
      case KILL_REPLICA -> kill(world.services().get(1 + 2 * chance.below(2)), chance);
      case KILL_JUDGE -> kill(world.services().get(2 + 2 * chance.below(2)), chance);
      case KILL_SEVERAL ->
          world.services().stream().filter(_ -> chance.odds(0.6)).forEach(s -> kill(s, chance));
      case KILL_ALL -> {
        world.services().forEach(service -> kill(service, chance));
        world.broker().restart(chance.millis(100, 3000));
      }
      case RESTART_BROKER -> world.broker().restart(chance.millis(50, 9000));
      case LOSE_DATA -> world.broker().loseData(chance.millis(50, 9000));
      case FREEZE -> {
        Service frozen = any(chance);
        Duration time = chance.millis(100, 3 * 1000 * world.config().kafka().leaseSeconds());
        world.trace().add("%s stands still for %s", frozen, time);
        frozen.host().freeze(time);
      }
      case LEAVE_IN_ORDER -> any(chance).leave(Duration.ofSeconds(9), chance.millis(0, 2000));
      case CLOCK_JUMP ->
          any(chance).host().jumpClock(chance.millis(0, 7_200_000).minus(Duration.ofHours(1)));
      case GARBAGE -> litter(chance);
      case STRANGER -> forge(chance);
    }
  }

  private Service any(Chance chance) {
    return world.services().get(chance.below(world.services().size()));
  }

  private static void kill(Service service, Chance chance) {
    service.kill(chance.millis(100, 3000));
  }

  private void litter(Chance chance) {
    List<String> topics =
        List.of(world.topics().prompts(), world.topics().rollouts(), world.topics().scored());
    String topic = topics.get(chance.below(topics.size()));
    byte[] value = ("no record " + chance.seed()).getBytes(UTF_8);
    byte[] key = {(byte) chance.below(4)};
    world
        .broker()
        .find(topic)
        .ifPresent(
            littered -> {
              littered.append(key, value);
              littered.all().stream().filter(entry -> entry.value() == value).forEach(garbage::add);
            });
  }

  /** A whole and well-made group of a step, by weights that nobody has ever published. */
  private void forge(Chance chance) {
    long step = chance.below(world.config().training().steps());
    String prompt = "t" + chance.below(10);
    PolicyVersion unknown = new PolicyVersion(step, new PolicyDigest("f".repeat(64)));
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder()
            .setId(
                GroupId.newBuilder()
                    .setRun(world.config().run().id())
                    .setPurpose(Purpose.PURPOSE_TRAINING)
                    .setStep(step)
                    .setPrompt(prompt))
            .addPromptTokens(Integer.parseInt(prompt.substring(1)) + 1)
            .addPromptTokens(2)
            .addGolds("even")
            .setSampling(SamplingParameters.newBuilder().setGroupSize(2))
            .setReplica("stranger");
    ScoredGroup.Builder scored = ScoredGroup.newBuilder();
    for (int i = 0; i < 2; i++) {
      group.addRollouts(
          Rollout.newBuilder()
              .addTokens(i)
              .addLogProbabilities(-1)
              .setFinishReason(FinishReason.FINISH_REASON_STOP)
              .setText("even")
              .addVersions(
                  VersionSpan.newBuilder().setTokens(1).setVersion(PolicyRecords.of(unknown))));
      scored.addVerdicts(
          Verdict.newBuilder()
              .setOutcome(i == 0 ? Outcome.OUTCOME_EQUAL : Outcome.OUTCOME_NOT_EQUAL)
              .setReward(1 - i));
    }
    world
        .broker()
        .find(world.topics().scored())
        .ifPresent(
            log ->
                log.append(prompt.getBytes(UTF_8), scored.setGroup(group).build().toByteArray()));
  }
}

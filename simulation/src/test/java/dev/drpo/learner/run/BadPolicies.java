package dev.drpo.learner.run;

import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** Policies that learn what they should not, or when they should not. */
final class BadPolicies {
  private BadPolicies() {}

  /** Learns from every copy of a group that has come. */
  static final class Greedy extends HashedPolicy {
    private final Supplier<List<ScoredGroup>> scored;

    Greedy(HashedPolicy policy, Supplier<List<ScoredGroup>> scored) {
      super(policy);
      this.scored = scored;
    }

    @Override
    public StepUpdate.Learned learn(List<TrainingGroup> groups, long step) throws IOException {
      List<TrainingGroup> all = new ArrayList<>(groups);
      for (TrainingGroup group : groups) {
        scored.get().stream()
            .filter(other -> is(other.getGroup().getId(), step, group))
            .skip(1)
            .map(other -> likewise(group, other))
            .forEach(all::add);
      }
      return super.learn(all, step);
    }
  }

  /** Learns from groups in the order in which they came. */
  static final class Hasty extends HashedPolicy {
    private final Supplier<List<ScoredGroup>> scored;

    Hasty(HashedPolicy policy, Supplier<List<ScoredGroup>> scored) {
      super(policy);
      this.scored = scored;
    }

    @Override
    public StepUpdate.Learned learn(List<TrainingGroup> groups, long step) throws IOException {
      List<ScoredGroup> came = scored.get();
      List<TrainingGroup> ordered = new ArrayList<>(groups);
      ordered.sort(Comparator.comparingInt(group -> firstOf(came, step, group)));
      return super.learn(ordered, step);
    }

    private static int firstOf(List<ScoredGroup> came, long step, TrainingGroup group) {
      int i = 0;
      while (i < came.size() && !is(came.get(i).getGroup().getId(), step, group)) {
        i++;
      }
      return i;
    }
  }

  /** Writes a checkpoint of the weights from before the last step. */
  static final class Late extends HashedPolicy {
    private HashedPolicy before;

    Late(HashedPolicy policy) {
      super(policy);
      before = new HashedPolicy(policy);
    }

    @Override
    public StepUpdate.Learned learn(List<TrainingGroup> groups, long step) throws IOException {
      before = new HashedPolicy(this);
      return super.learn(groups, step);
    }

    @Override
    public void save(Path policy, Path optimizer) throws IOException {
      before.save(policy, optimizer);
    }
  }

  private static boolean is(GroupId id, long step, TrainingGroup group) {
    return id.getPurpose() == Purpose.PURPOSE_TRAINING
        && id.getStep() == step
        && id.getPrompt().equals(group.prompt());
  }

  private static TrainingGroup likewise(TrainingGroup group, ScoredGroup scored) {
    List<TrainingGroup.Sample> samples = new ArrayList<>();
    for (int i = 0; i < scored.getVerdictsCount(); i++) {
      Rollout rollout = scored.getGroup().getRollouts(i);
      samples.add(
          new TrainingGroup.Sample(
              Ints.toArray(rollout.getTokensList()),
              Floats.toArray(rollout.getLogProbabilitiesList()),
              scored.getVerdicts(i).getOutcome() == Outcome.OUTCOME_EQUAL,
              scored.getVerdicts(i).getReward(),
              rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH,
              PolicyRecords.version(rollout.getVersions(0).getVersion())));
    }
    return new TrainingGroup(group.prompt(), group.promptTokens(), samples);
  }
}

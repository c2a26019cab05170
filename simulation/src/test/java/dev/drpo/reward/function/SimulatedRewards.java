package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.RewardMeters;
import dev.drpo.simulation.machine.Chance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;

/** Rewards of a simulated run: right is what equals the gold, and now and then nobody can tell. */
public final class SimulatedRewards {
  /** Counters are no part of what is simulated. */
  public static final RewardMeters METERS = new RewardMeters(new SimpleMeterRegistry());

  private static final Map<String, Double> WEIGHTS = Map.of("equality", 1.0);

  private SimulatedRewards() {}

  /** Rewards that fail by chance. */
  public static RunReward of(Chance chance) {
    return new RunReward(WEIGHTS, List.of(new Equality(chance)), METERS);
  }

  private record Equality(Chance chance) implements AnswerJudge {
    @Override
    public String name() {
      return "equality";
    }

    @Override
    public Verdict verdict(Submission submission) {
      if (chance.odds(0.002)) {
        throw new RewardUnavailableException("what the function asks is away", null);
      }
      if (chance.odds(0.001)) {
        throw new IllegalStateException("the function fails");
      }
      boolean equal = submission.golds().contains(submission.response());
      return Verdict.newBuilder()
          .setOutcome(equal ? Outcome.OUTCOME_EQUAL : Outcome.OUTCOME_NOT_EQUAL)
          .setReward(equal ? 1 : 0)
          .build();
    }
  }
}

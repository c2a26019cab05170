package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.RewardMeters;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run rewards: the functions that it configures and their weights. The first judges the
 * answer, and its outcome says whether the response is right; all together make the reward.
 */
@Singleton
public class RunReward {
  private record Weighted(RewardFunction function, double weight) {}

  private final AnswerJudge judge;
  private final double judgeWeight;
  private final List<Weighted> others = new ArrayList<>();
  private final RewardMeters meters;

  @Inject
  RunReward(RunConfig configuration, @Any Instance<RewardFunction> known, RewardMeters meters) {
    this(configuration.reward().functions(), known.stream().toList(), meters);
  }

  /**
   * Looks the functions up.
   *
   * @param weights by the functions' names, the judge first
   * @throws ConfigException if a name is unknown or ambiguous, or the first is no judge
   */
  RunReward(Map<String, Double> weights, List<RewardFunction> known, RewardMeters meters) {
    this.meters = meters;
    Map<String, RewardFunction> byName = byName(known);
    AnswerJudge first = null;
    double firstWeight = 0;
    for (Map.Entry<String, Double> entry : weights.entrySet()) {
      RewardFunction function = byName.get(entry.getKey());
      if (function == null) {
        throw new ConfigException(
            "reward.functions names '%s'; the functions on the class path are %s"
                .formatted(entry.getKey(), byName.keySet()));
      }
      if (first != null) {
        others.add(new Weighted(function, entry.getValue()));
      } else if (function instanceof AnswerJudge answerJudge) {
        first = answerJudge;
        firstWeight = entry.getValue();
      } else {
        throw new ConfigException(
            "reward.functions begins with '%s'; the first must judge the answer, as %s do"
                .formatted(entry.getKey(), judges(byName)));
      }
    }
    this.judge = first;
    this.judgeWeight = firstWeight;
  }

  private static Map<String, RewardFunction> byName(List<RewardFunction> known) {
    Map<String, RewardFunction> byName = new TreeMap<>();
    for (RewardFunction function : known) {
      RewardFunction other = byName.put(function.name(), function);
      if (other != null) {
        throw new ConfigException(
            "two reward functions have the name '%s', %s and %s; rename one"
                .formatted(function.name(), other.getClass(), function.getClass()));
      }
    }
    return byName;
  }

  private static List<String> judges(Map<String, RewardFunction> byName) {
    return byName.values().stream()
        .filter(AnswerJudge.class::isInstance)
        .map(RewardFunction::name)
        .toList();
  }

  /**
   * The judge's verdict with the reward of all functions, and each one's part in it.
   *
   * @throws RewardUnavailableException if a function has to be waited for
   * @throws RuntimeException if a function fails or gives no finite value
   */
  public Verdict verdict(Submission submission) {
    Verdict judged = judge.verdict(submission);
    Verdict.Builder verdict =
        judged.toBuilder()
            .clearComponents()
            .setTruncated(submission.finishReason() == FinishReason.FINISH_REASON_LENGTH);
    double reward = judgeWeight * component(judge, judged.getReward(), verdict);
    for (Weighted other : others) {
      reward +=
          other.weight() * component(other.function(), other.function().value(submission), verdict);
    }
    return verdict.setReward(reward).build();
  }

  private double component(RewardFunction function, double value, Verdict.Builder verdict) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException(
          "the reward function '%s' gave %s; a value must be finite"
              .formatted(function.name(), value));
    }
    meters.component(function.name(), value);
    verdict.putComponents(function.name(), value);
    return value;
  }
}

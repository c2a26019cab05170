package dev.drpo.objectives;

import dev.drpo.objectives.Oracle.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Values of the group-relative objectives as the papers write them, in doubles; see Oracle. */
final class GroupOracle {
  private GroupOracle() {}

  /** One number for each response of a group. */
  interface OfGroup extends Function<List<Trace>, List<Double>> {}

  /** What the sum over tokens of a response's terms is divided by. */
  interface Divisor {
    double of(Trace trace, List<List<Trace>> groups);
  }

  /** Clipped surrogate of PPO, summed over all tokens. */
  static double surrogate(
      List<List<Trace>> groups, OfGroup advantages, double low, double high, Divisor divisor) {
    double sum = 0;
    for (List<Trace> group : groups) {
      List<Double> ofGroup = advantages.apply(group);
      for (int i = 0; i < group.size(); i++) {
        Trace trace = group.get(i);
        double ofResponse = 0;
        for (int t = 0; t < trace.length(); t++) {
          double bounded = Math.max(1 - low, Math.min(1 + high, trace.ratio(t)));
          ofResponse +=
              trace.importance()[t]
                  * Math.min(trace.ratio(t) * ofGroup.get(i), bounded * ofGroup.get(i));
        }
        sum += ofResponse / divisor.of(trace, groups);
      }
    }
    return sum;
  }

  /** The mean over responses of their mean over tokens. */
  static double responses(Trace trace, List<List<Trace>> groups) {
    return (double) groups.stream().mapToInt(List::size).sum() * trace.length();
  }

  /** GRPO with some reward. */
  static double grpo(List<List<Trace>> groups, OfGroup rewards, double clip) {
    return grpo(groups, rewards, clip, 0);
  }

  /** The same with a number that is added to the deviation. */
  static double grpo(List<List<Trace>> groups, OfGroup rewards, double clip, double floor) {
    return surrogate(
        groups,
        group -> standardised(rewards.apply(group), floor),
        clip,
        clip,
        GroupOracle::responses);
  }

  static double drGrpo(List<List<Trace>> groups, double clip, int budget) {
    return surrogate(
        groups,
        group -> {
          double mean = sum(rewards(group)) / group.size();
          return rewards(group).stream().map(reward -> reward - mean).toList();
        },
        clip,
        clip,
        (trace, all) -> (double) all.stream().mapToInt(List::size).sum() * budget);
  }

  static double dapo(List<List<Trace>> groups, double low, double high, double ramp, int budget) {
    List<List<Trace>> admitted =
        groups.stream()
            .filter(group -> group.stream().anyMatch(Trace::correct))
            .filter(group -> group.stream().anyMatch(Predicate.not(Trace::correct)))
            .toList();
    return surrogate(
        admitted,
        group -> standardised(group.stream().map(trace -> overlong(trace, ramp, budget)).toList()),
        low,
        high,
        (trace, all) -> Oracle.tokens(all));
  }

  private static double overlong(Trace trace, double ramp, int budget) {
    double cache = ramp * budget;
    double expected = budget - cache;
    double punishment;
    if (trace.length() <= expected) {
      punishment = 0;
    } else if (trace.length() <= budget) {
      punishment = (expected - trace.length()) / cache;
    } else {
      punishment = -1;
    }
    return (trace.correct() ? 1 : -1) + punishment;
  }

  static double rlooLp(List<List<Trace>> groups, double clip, double alpha) {
    return surrogate(
        groups, group -> leaveOneOut(penalised(group, alpha)), clip, clip, GroupOracle::responses);
  }

  private static List<Double> penalised(List<Trace> group, double alpha) {
    List<Trace> ended =
        group.stream().filter(trace -> trace.correct() && !trace.truncated()).toList();
    long count = ended.size();
    long sum = ended.stream().mapToLong(Trace::length).sum();
    long squares = ended.stream().mapToLong(trace -> (long) trace.length() * trace.length()).sum();
    double deviation = Math.sqrt(count * squares - sum * sum) / count + 1e-7;
    List<Double> rewards = new ArrayList<>();
    for (Trace trace : group) {
      double relative = (count * trace.length() - sum) / (count * deviation);
      // sigmoid(x) = (1 + tanh(x / 2)) / 2
      rewards.add(ended.contains(trace) ? 1 - alpha * (1 + Math.tanh(relative / 2)) / 2 : 0);
    }
    return rewards;
  }

  private static List<Double> leaveOneOut(List<Double> rewards) {
    List<Double> advantages = new ArrayList<>();
    for (int i = 0; i < rewards.size(); i++) {
      List<Double> others = new ArrayList<>(rewards);
      double own = others.remove(i);
      advantages.add(others.isEmpty() ? 0 : own - sum(others) / others.size());
    }
    return advantages;
  }

  /** The reward of a run that counts nothing but the answer, or whatever the response has. */
  static List<Double> rewards(List<Trace> group) {
    return group.stream().map(Trace::reward).toList();
  }

  static OfGroup timesLengthReward(int budget) {
    return timesLengthReward(budget, 1);
  }

  static OfGroup timesLengthReward(int budget, double weight) {
    return group ->
        group.stream()
            .map(trace -> trace.correct() ? 1 - weight * trace.length() / (double) budget : 0)
            .toList();
  }

  static OfGroup alp(double beta) {
    return group -> {
      double solved = group.stream().filter(Trace::correct).count();
      double share = Math.max(solved, 1) / group.size();
      return group.stream()
          .map(trace -> (trace.correct() ? 1 : 0) - beta * trace.length() * share)
          .toList();
    };
  }

  /** With the same shortest correct length for every question. */
  static OfGroup hapo(double weight, double shortest) {
    return group ->
        group.stream()
            .map(
                trace -> {
                  double angle = Math.min(Math.PI * trace.length() / shortest / 2, Math.PI);
                  return trace.correct()
                      ? 1 + weight * Math.max(-0.7, Math.cos(angle))
                      : weight * Math.min(0, Math.cos(angle));
                })
            .toList();
  }

  static OfGroup l1Max(double alpha, double target) {
    return group ->
        group.stream()
            .map(
                trace ->
                    trace.correct()
                        ? Math.max(0, Math.min(1, alpha * (target - trace.length()) + 0.5))
                        : 0)
            .toList();
  }

  /** Less their mean, over their deviation (n - 1); zeros where all are equal. */
  static List<Double> standardised(List<Double> rewards) {
    return standardised(rewards, 0);
  }

  private static List<Double> standardised(List<Double> rewards, double floor) {
    double mean = sum(rewards) / rewards.size();
    double squares = rewards.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
    boolean equal = rewards.stream().distinct().count() < 2;
    double deviation = Math.sqrt(squares / (rewards.size() - 1)) + floor;
    return rewards.stream().map(reward -> equal ? 0 : (reward - mean) / deviation).toList();
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }
}

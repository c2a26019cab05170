package dev.drpo.learner.run;

import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a step's groups were while the learner waited for them, in seconds and as means over
 * groups: in a queue, being sampled, or being judged. What lies between two processes is told by
 * the clocks of both, so that it is as right as these agree. NaN where no group says.
 *
 * @param replicaWait what a replica had nothing to sample meanwhile; a mean over replicas
 * @param promptQueue from a task's publication to the start of its sampling
 * @param sampling from there to the last token
 * @param rolloutQueue from a group's completion to the start of its judging
 * @param judging from there to its verdicts
 * @param scoredQueue from there until the learner took up the step
 */
record GroupTimes(
    double replicaWait,
    double promptQueue,
    double sampling,
    double rolloutQueue,
    double judging,
    double scoredQueue) {
  private static final double MILLIS = 1000;

  /** Of nothing. */
  static final GroupTimes NONE = of(List.of(), 0);

  /**
   * Of a step's groups.
   *
   * @param now when the learner takes them up, milliseconds since the epoch
   */
  static GroupTimes of(List<ScoredGroup> groups, long now) {
    return new GroupTimes(
        replicaWait(groups),
        mean(
            groups,
            scored ->
                between(
                    scored.getGroup().getTaskCreatedAtMillis(),
                    began(scored.getGroup().getCreatedAtMillis(), sampling(scored)))),
        mean(groups, scored -> OptionalLong.of(sampling(scored))),
        mean(
            groups,
            scored ->
                between(
                    scored.getGroup().getCreatedAtMillis(),
                    began(scored.getCreatedAtMillis(), scored.getJudgingMillis()))),
        mean(groups, scored -> OptionalLong.of(scored.getJudgingMillis())),
        mean(groups, scored -> between(scored.getCreatedAtMillis(), now)));
  }

  private static long sampling(ScoredGroup scored) {
    return scored.getGroup().getSamplingMillis();
  }

  private static long began(long ended, long took) {
    return ended == 0 ? 0 : ended - took;
  }

  /** Nothing where one of both is not known; not below zero, however clocks differ. */
  private static OptionalLong between(long from, long to) {
    return from == 0 || to == 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(0, to - from));
  }

  private static double mean(List<ScoredGroup> groups, Function<ScoredGroup, OptionalLong> millis) {
    return groups.stream()
            .map(millis)
            .flatMapToLong(OptionalLong::stream)
            .average()
            .orElse(Double.NaN)
        / MILLIS;
  }

  private static double replicaWait(List<ScoredGroup> groups) {
    return groups.stream()
            .map(ScoredGroup::getGroup)
            .collect(
                Collectors.groupingBy(
                    RolloutGroup::getReplica, Collectors.summingLong(RolloutGroup::getIdleMillis)))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .average()
            .orElse(Double.NaN)
        / MILLIS;
  }
}

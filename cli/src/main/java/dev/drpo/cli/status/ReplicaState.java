package dev.drpo.cli.status;

import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a rollout replica has done lately, as the groups say that it sampled: they tell it wherever
 * the replica runs.
 *
 * @param version newest policy version that it sampled with
 * @param groups of those looked at
 * @param tokensPerSecond of its tokens, over the time in which it sampled them; 0 for one group
 * @param lastMillis when it published the last of them, since 1970
 */
record ReplicaState(
    String name, long version, int groups, double tokensPerSecond, long lastMillis) {

  /** The replicas that sampled some groups, by name. */
  static List<ReplicaState> of(List<RolloutGroup> groups) {
    Map<String, Tally> tallies = new TreeMap<>();
    for (RolloutGroup group : groups) {
      tallies.computeIfAbsent(group.getReplica(), _ -> new Tally()).add(group);
    }
    return tallies.entrySet().stream().map(of -> of.getValue().state(of.getKey())).toList();
  }

  private static final class Tally {
    private long version;
    private int groups;
    private long tokens;
    private long begin = Long.MAX_VALUE;
    private long end;

    void add(RolloutGroup group) {
      groups++;
      begin = Math.min(begin, group.getCreatedAtMillis() - group.getSamplingMillis());
      end = Math.max(end, group.getCreatedAtMillis());
      for (Rollout rollout : group.getRolloutsList()) {
        tokens += rollout.getTokensCount();
        for (VersionSpan span : rollout.getVersionsList()) {
          version = Math.max(version, span.getVersion().getStep());
        }
      }
    }

    ReplicaState state(String name) {
      return new ReplicaState(
          name, version, groups, end > begin ? tokens * 1e3 / (end - begin) : 0, end);
    }
  }
}

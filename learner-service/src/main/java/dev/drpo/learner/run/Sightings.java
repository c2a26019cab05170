package dev.drpo.learner.run;

import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.VersionSpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the learner sees of the others in the groups and dead letters that it reads: which replicas
 * sample, with which weights and how fast, and what was given up and why. Knows what came since
 * this process started, of each as much as a person looks at. Safe for use by many threads.
 */
public final class Sightings {
  /** Groups that a replica's speed is measured over. */
  private static final int NEWEST_GROUPS = 32;

  private static final int NEWEST_LETTERS = 20;

  /** A replica that is replaced comes back under another name on some platforms. */
  private static final int MOST_REPLICAS = 256;

  private final SortedMap<String, Tally> replicas = new TreeMap<>();
  private final Deque<DeadLetter> letters = new ArrayDeque<>();

  /**
   * A rollout replica.
   *
   * @param version newest policy version that it sampled with
   * @param groups that it sampled, all that were seen
   * @param tokensPerSecond over the time in which it sampled the newest of them
   * @param lastMillis when it published the last of them, since 1970
   */
  public record Replica(
      String name, long version, long groups, double tokensPerSecond, long lastMillis) {}

  /** A group has arrived. */
  synchronized void sampled(RolloutGroup group) {
    if (replicas.size() >= MOST_REPLICAS && !replicas.containsKey(group.getReplica())) {
      String longestGone =
          replicas.keySet().stream()
              .min((one, other) -> Long.compare(replicas.get(one).last, replicas.get(other).last))
              .orElseThrow();
      replicas.remove(longestGone);
    }
    replicas.computeIfAbsent(group.getReplica(), _ -> new Tally()).add(group);
  }

  /** A dead letter has arrived. */
  synchronized void buried(DeadLetter letter) {
    // The record itself can be megabytes, and nobody looks at its bytes here.
    letters.addFirst(letter.toBuilder().clearOriginalKey().clearOriginalValue().build());
    if (letters.size() > NEWEST_LETTERS) {
      letters.removeLast();
    }
  }

  /** The replicas that sampled, by name. */
  public synchronized List<Replica> replicas() {
    return replicas.entrySet().stream().map(of -> of.getValue().state(of.getKey())).toList();
  }

  /** The last dead letters without their records, newest first. */
  public synchronized List<DeadLetter> letters() {
    return List.copyOf(letters);
  }

  /** When a group was sampled, and how many tokens it has. */
  private record Span(long begin, long end, long tokens) {}

  private static final class Tally {
    private final Deque<Span> newest = new ArrayDeque<>();
    private long groups;
    private long version;
    private long last;

    void add(RolloutGroup group) {
      groups++;
      last = Math.max(last, group.getCreatedAtMillis());
      newest.addLast(
          new Span(
              group.getCreatedAtMillis() - group.getSamplingMillis(),
              group.getCreatedAtMillis(),
              group.getRolloutsList().stream().mapToLong(Rollout::getTokensCount).sum()));
      if (newest.size() > NEWEST_GROUPS) {
        newest.removeFirst();
      }
      for (Rollout rollout : group.getRolloutsList()) {
        for (VersionSpan span : rollout.getVersionsList()) {
          version = Math.max(version, span.getVersion().getStep());
        }
      }
    }

    Replica state(String name) {
      long begin = newest.stream().mapToLong(Span::begin).min().orElse(0);
      long end = newest.stream().mapToLong(Span::end).max().orElse(0);
      long tokens = newest.stream().mapToLong(Span::tokens).sum();
      return new Replica(
          name, version, groups, end > begin ? tokens * 1e3 / (end - begin) : 0, last);
    }
  }
}

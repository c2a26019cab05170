package dev.drpo.learner.run;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.tracing.SpanKeys;
import dev.drpo.runtime.tracing.Stage;
import dev.drpo.runtime.tracing.StageSpan;
import dev.drpo.runtime.tracing.TraceContext;
import dev.drpo.runtime.tracing.Tracing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The end of traced groups' ways: how long each waited for the learner, and which step learned from
 * it. Groups whose place another one took, and those that came twice, are followed up to their
 * judge. Used by the learner's own thread alone.
 */
final class GroupTraces {
  private final Tracing tracing;
  private final InstantSource clock;
  private final Map<GroupKey, Waiting> waiting = new HashMap<>();
  private long firstOpen;
  private Instant takenUp = Instant.EPOCH;

  private record Waiting(GroupId id, TraceContext trace, long sinceMillis) {}

  GroupTraces(Tracing tracing, InstantSource clock) {
    this.tracing = tracing;
    this.clock = clock;
  }

  /** A scored group has come to the learner. */
  void read(RecordLog.Entry<ScoredGroup> entry) {
    if (!entry.trace().isPresent()) {
      return;
    }
    ScoredGroup scored = entry.value();
    GroupId id = scored.getGroup().getId();
    long since = scored.getCreatedAtMillis();
    if (id.getPurpose() != Purpose.PURPOSE_TRAINING) {
      tracing.waited(Stage.SCORED_QUEUE, id, entry.trace(), since, clock.instant());
    } else if (id.getStep() >= firstOpen) {
      waiting.putIfAbsent(GroupKey.of(id), new Waiting(id, entry.trace(), since));
    }
  }

  /** A group can't be used; another of its identity may come. */
  void refused(GroupKey key) {
    waiting.remove(key);
  }

  /** The groups of a step are there, and it is taken up. */
  void takenUp() {
    takenUp = clock.instant();
  }

  /** A step has learned from groups. */
  void learned(long step, List<GroupKey> groups) {
    List<Waiting> learned = groups.stream().map(waiting::get).filter(Objects::nonNull).toList();
    if (!learned.isEmpty()) {
      StageSpan update =
          tracing.step(
              learned.getFirst().id().getRun(),
              step,
              learned.stream().map(Waiting::trace).toList(),
              takenUp);
      update.put(SpanKeys.GROUPS, groups.size());
      for (Waiting group : learned) {
        StageSpan span =
            tracing.follow(
                Stage.SCORED_QUEUE,
                group.id(),
                group.trace(),
                group.sinceMillis() == 0 ? takenUp : Instant.ofEpochMilli(group.sinceMillis()));
        span.link(update.context());
        span.end(takenUp);
      }
      update.end(clock.instant());
    }
    firstOpen = step + 1;
    waiting.keySet().removeIf(key -> key.step() <= step);
  }
}

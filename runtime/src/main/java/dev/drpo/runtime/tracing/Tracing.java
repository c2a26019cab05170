package dev.drpo.runtime.tracing;

import dev.drpo.proto.records.v1.GroupId;
import java.time.Instant;
import java.util.Collection;

/**
 * Takes note of groups' ways from prompt to learner, stage by stage, for whoever collects traces.
 * Whether a group is traced is decided where its task is dispatched, so that a trace is whole; what
 * comes after goes by the record. Times are told by the caller. Safe for use by many threads; no
 * call waits or fails.
 */
public interface Tracing {
  /** Nobody collects any: nothing is noted, and records carry nothing. */
  Tracing OFF =
      new Tracing() {
        @Override
        public StageSpan dispatch(GroupId group, Instant at) {
          return StageSpan.NONE;
        }

        @Override
        public StageSpan follow(Stage stage, GroupId group, TraceContext cause, Instant at) {
          return StageSpan.NONE;
        }

        @Override
        public StageSpan step(String run, long step, Collection<TraceContext> groups, Instant at) {
          return StageSpan.NONE;
        }
      };

  /** Begins the trace of a group, if it is among those that are traced. */
  StageSpan dispatch(GroupId group, Instant at);

  /**
   * Goes on with a trace. A record that was delivered twice has two spans of its stage.
   *
   * @param cause where the record stands that the stage takes up; nothing is noted of one that
   *     stands nowhere
   */
  StageSpan follow(Stage stage, GroupId group, TraceContext cause, Instant at);

  /**
   * Begins the trace of a step.
   *
   * @param groups where those stand that it learns from; nothing is noted of a step without any
   */
  StageSpan step(String run, long step, Collection<TraceContext> groups, Instant at);

  /**
   * Takes note of a wait that is over, if it is known when it began. Clocks of two processes may
   * differ; it never ends before it begins.
   *
   * @param sinceMillis milliseconds since the epoch; 0 if that is not known
   */
  default void waited(
      Stage queue, GroupId group, TraceContext cause, long sinceMillis, Instant until) {
    if (sinceMillis > 0) {
      follow(queue, group, cause, Instant.ofEpochMilli(sinceMillis)).end(until);
    }
  }
}

package dev.drpo.runtime.tracing;

import java.time.Instant;

/** A stage that has begun. Ends once; no call waits or fails. */
public interface StageSpan {
  /** Of which nobody takes note. */
  StageSpan NONE =
      new StageSpan() {
        @Override
        public boolean isRecorded() {
          return false;
        }

        @Override
        public TraceContext context() {
          return TraceContext.NONE;
        }

        @Override
        public void put(String key, long value) {}

        @Override
        public void link(TraceContext other) {}

        @Override
        public void end(Instant at) {}

        @Override
        public void fail(String reason, Instant at) {}
      };

  /** Whether somebody takes note of it: what it is told besides need not be computed otherwise. */
  boolean isRecorded();

  /** What the next record carries. */
  TraceContext context();

  /** Says something of it, by a name of {@link SpanKeys}. */
  void put(String key, long value);

  /** Points to another trace. */
  void link(TraceContext other);

  /** It has come to its end. */
  void end(Instant at);

  /**
   * It has come to nothing.
   *
   * @param reason why, for a person
   */
  void fail(String reason, Instant at);

  /**
   * It is over.
   *
   * @param failure why it has come to nothing; null if it has come to its end
   */
  default void settle(Throwable failure, Instant at) {
    if (failure == null) {
      end(at);
    } else {
      fail(String.valueOf(failure.getMessage()), at);
    }
  }
}

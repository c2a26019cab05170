package dev.drpo.runtime.messaging;

/** Sizes that publishers, topics and dead letters agree on, in bytes. */
final class RecordLimits {
  private static final int FRAMING = 64 << 10;

  /** Largest serialized record that a service may publish. */
  static final int RECORD = 8 << 20;

  /** Largest batch that a topic takes: one record of the largest size in its framing. */
  static final int BATCH = RECORD + FRAMING;

  /** Largest dead letter: whatever a topic could take, and what was wrong with it. */
  static final int DEAD_LETTER = BATCH + FRAMING;

  /** Largest batch that the topic of the dead letters takes. */
  static final int DEAD_LETTER_BATCH = DEAD_LETTER + FRAMING;

  private RecordLimits() {}
}

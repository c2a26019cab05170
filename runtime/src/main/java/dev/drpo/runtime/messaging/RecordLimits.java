package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.RecordBudget;

/** Sizes that publishers, topics and dead letters agree on, in bytes. */
final class RecordLimits {
  private static final int FRAMING = 64 << 10;

  /** Largest serialized record that a service may publish. */
  static final int RECORD = RecordBudget.LARGEST;

  /** Largest batch that a topic takes: one record of the largest size in its framing. */
  static final int BATCH = RECORD + FRAMING;

  /** Largest dead letter: whatever a topic could take, and what was wrong with it. */
  static final int DEAD_LETTER = BATCH + FRAMING;

  /** Largest batch that the topic of the dead letters takes. */
  static final int DEAD_LETTER_BATCH = DEAD_LETTER + FRAMING;

  /** A publisher's buffer: a record of the largest size may wait while another is on its way. */
  static final long BUFFER = 2L * DEAD_LETTER_BATCH;

  private RecordLimits() {}

  /** Largest batch that a topic takes. */
  static int of(String topic, Topics topics) {
    return topic.equals(topics.deadLetters()) ? DEAD_LETTER_BATCH : BATCH;
  }
}

package dev.drpo.cli.judge;

import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Rule;
import dev.drpo.judge.verdict.Verdict;
import java.util.EnumMap;
import java.util.Map;

/** Counts of what became of the lines. */
final class Tally {
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private long withoutThinkEnd;
  private long malformed;

  void count(Verdict verdict) {
    outcomes.merge(Outcome.of(verdict), 1L, Long::sum);
    if (verdict.evidence().rule() == Rule.NO_THINK_END) {
      withoutThinkEnd++;
    }
  }

  void countMalformed() {
    malformed++;
  }

  void add(Tally other) {
    other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
    withoutThinkEnd += other.withoutThinkEnd;
    malformed += other.malformed;
  }

  long of(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  long judged() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }

  long malformed() {
    return malformed;
  }

  /** Responses that were not looked at, since the convention requires {@code </think>}. */
  long withoutThinkEnd() {
    return withoutThinkEnd;
  }
}

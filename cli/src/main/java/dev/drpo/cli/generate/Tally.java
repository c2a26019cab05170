package dev.drpo.cli.generate;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts of what was generated. */
final class Tally {
  private final Map<FinishReason, Long> reasons = new EnumMap<>(FinishReason.class);
  private long prompts;
  private long tokens;
  private long malformed;

  void count(SampledGroup group) {
    prompts++;
    for (SampledResponse response : group.responses()) {
      tokens += response.tokens().length;
      reasons.merge(response.finishReason(), 1L, Long::sum);
    }
  }

  void countMalformed() {
    malformed++;
  }

  long malformed() {
    return malformed;
  }

  /** What a person is told at the end. */
  String summary(Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    long responses = reasons.values().stream().mapToLong(Long::longValue).sum();
    return String.format(
        Locale.ROOT,
        "generated %s to %s: %,d tokens in %.2f s, %,.0f tokens/s%s%s",
        counted(responses, "response"),
        counted(prompts, "prompt"),
        tokens,
        seconds,
        tokens / Math.max(seconds, 1e-9),
        reasons.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "%s %,d",
                        ResponseLines.name(entry.getKey()),
                        entry.getValue()))
            .collect(Collectors.joining(", ", reasons.isEmpty() ? "" : "; ", "")),
        malformed == 0
            ? ""
            : String.format(
                Locale.ROOT, "; %,d malformed, each with an error in the output", malformed));
  }

  private static String counted(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }
}

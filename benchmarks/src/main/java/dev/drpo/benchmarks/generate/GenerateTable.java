package dev.drpo.benchmarks.generate;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The measurements for people, with their targets. */
public final class GenerateTable {
  private GenerateTable() {}

  public static List<String> lines(Measurements measured) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%6s %6s %8s %12s %12s %8s %10s"
            .formatted("batch", "group", "threads", "tokens/s", "op by op", "ratio", "of limit"));
    for (Measurements.Row row : measured.rows()) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%6d %6d %8d %,12.0f %,12.0f %8.2f %9.0f%%  %s",
                  row.batch(),
                  row.group(),
                  row.threads(),
                  row.tokensPerSecond(),
                  row.baselineTokensPerSecond(),
                  row.ratio(),
                  100 * row.fractionOfLimit(),
                  target(row))
              .stripTrailing());
    }
    lines.add(
        text(
            "  %d prompt tokens, %d new tokens; the limit is fp32 matrix multiplication, %.0f GFLOP/s"
                + " on one thread",
            measured.rows().getFirst().promptTokens(),
            measured.rows().getFirst().newTokens(),
            measured.sgemmGflops()));
    for (Measurements.Invariance cost : measured.invariance()) {
      lines.add(
          text(
              "%d responses on one thread, %s: %,.0f tokens/s, by the library's steps %,.0f;"
                  + " %.2f of it%s",
              cost.responses(),
              cost.holds() ? "whatever the batch to the bit" : "NOT BATCH-INVARIANT HERE",
              cost.tokensPerSecond(),
              cost.libraryTokensPerSecond(),
              cost.ratio(),
              cost.responses() == 128
                  ? " (" + met("at least 0.9", cost.ratio() >= 0.9) + ")"
                  : ""));
    }
    Measurements.SlotUse slots = measured.slots();
    lines.add(
        text(
            "slots in use, lengths of mean/max %.2f: %.3f (%s); %.2f times the tokens of static"
                + " batches (%s)",
            slots.meanOverMax(),
            slots.use(),
            met("at least 0.92", slots.use() >= 0.92),
            slots.ratio(),
            met("at least 2", slots.ratio() >= 2)));
    Measurements.PrefixSharing prefix = measured.prefix();
    lines.add(
        text(
            "a prompt of %d tokens for %d responses: %.1f ms, apart %.1f ms, %.1f%% of the ideal"
                + " saving (%s)",
            prefix.promptTokens(),
            prefix.group(),
            prefix.sharedMillis(),
            prefix.apartMillis(),
            100 * prefix.fractionOfIdeal(),
            met("at least 90%", prefix.fractionOfIdeal() >= 0.9)));
    Measurements.LengthCost length = measured.length();
    for (Measurements.LengthCost.Point point : length.points()) {
      lines.add(
          text(
              "a step of %d responses at %d tokens: %.2f ms",
              length.rows(), point.responseTokens(), point.millisPerStep()));
    }
    lines.add(
        text(
            "a cached byte costs %.2f times its reading at %.1f GB/s (%s)",
            length.slopeOverTraffic(),
            length.gigabytesPerSecond(),
            met("at most 1.2", length.slopeOverTraffic() <= 1.2)));
    lines.add("  " + measured.machine());
    return lines;
  }

  private static String target(Measurements.Row row) {
    if (row.batch() == 1) {
      return met("ratio at least 3", row.ratio() >= 3);
    }
    return row.batch() == 128 && row.group() == 8
        ? met("half the limit", row.fractionOfLimit() >= 0.5)
        : "";
  }

  private static String met(String target, boolean isMet) {
    return target + ": " + (isMet ? "met" : "missed");
  }

  @FormatMethod
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

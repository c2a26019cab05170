package dev.drpo.cli.task;

import java.util.Map;
import java.util.Random;

/**
 * What the warm start learns from: how often each style is written, and how reliable the traces
 * are.
 *
 * @param shares probability of each style that occurs; they add up to 1
 * @param errorRate probability that a written step is wrong; a check spoils a right step with a
 *     tenth of it
 * @param repairRate probability that a check of a wrong step puts it right
 */
public record TraceMix(Map<TraceStyle, Double> shares, double errorRate, double repairRate) {

  /** Short traces without errors, from which the arithmetic is learned. */
  public static final TraceMix FOUNDATION =
      new TraceMix(Map.of(TraceStyle.PAIRED, 0.35, TraceStyle.PLAIN, 0.65), 0, 0.85);

  /** What the warm-start policy imitates in the end: mostly verbose, sometimes wrong. */
  public static final TraceMix LONG_WINDED =
      new TraceMix(
          Map.of(
              TraceStyle.DIRECT, 0.02,
              TraceStyle.PAIRED, 0.07,
              TraceStyle.PLAIN, 0.05,
              TraceStyle.MEDIUM, 0.11,
              TraceStyle.VERBOSE, 0.75),
          0.06,
          0.85);

  public TraceMix {
    shares = Map.copyOf(shares);
    double total = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(total - 1) > 1e-9) {
      throw new IllegalArgumentException("the shares of the styles add up to " + total + ", not 1");
    }
  }

  TraceStyle draw(Random random) {
    double left = random.nextDouble();
    TraceStyle last = null;
    // In the order of the enum, since a map's order may differ from one JVM to the next.
    for (TraceStyle style : TraceStyle.values()) {
      Double share = shares.get(style);
      if (share == null) {
        continue;
      }
      last = style;
      left -= share;
      if (left < 0) {
        break;
      }
    }
    return last;
  }
}

package dev.drpo.benchmarks.adapter;

import dev.drpo.benchmarks.machine.BenchTable;
import dev.drpo.benchmarks.machine.Target;
import java.util.List;
import java.util.Locale;

/**
 * What came out of asking for responses.
 *
 * @param responses that were asked for
 * @param tokens of all of them
 * @param seconds from the first request to the last answer
 * @param cpuSeconds of the whole process meanwhile, the stub's included
 */
public record AdapterFigures(long responses, long tokens, double seconds, double cpuSeconds) {
  private static final Target RATE = new Target.AtLeast(50_000);

  public double tokensPerSecond() {
    return tokens / seconds;
  }

  /** Lines for a person. */
  public List<String> table() {
    BenchTable table = new BenchTable();
    table.rate("tokens", tokensPerSecond(), RATE);
    table.figure("CPU for each token", micros(cpuSeconds / tokens));
    table.figure("CPU for each response", micros(cpuSeconds / responses));
    table.figure("cores in use", String.format(Locale.ROOT, "%.2f", cpuSeconds / seconds));
    table.note("the stub that answers is in this process, and counts");
    return table.lines();
  }

  private static String micros(double seconds) {
    return String.format(Locale.ROOT, "%.1f µs", 1e6 * seconds);
  }
}

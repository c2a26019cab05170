package dev.drpo.benchmarks.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What the generation benchmark measured. Times are the best of some rounds.
 *
 * @param sgemmGflops fp32 matrix multiplication on one thread, in 10^9 operations per second
 * @param rows throughput
 * @param invariance what bits that do not depend on the batch cost
 */
public record Measurements(
    double sgemmGflops,
    List<Row> rows,
    List<Invariance> invariance,
    SlotUse slots,
    PrefixSharing prefix,
    LengthCost length,
    String machine) {

  /**
   * Throughput of responses that come at once.
   *
   * @param batch responses
   * @param group responses to one prompt
   * @param threads processors that may be used
   * @param baselineTokensPerSecond of the same work, operation by operation
   * @param fractionOfLimit needed operations per second, as a share of what matrix multiplication
   *     reached on as many threads
   */
  public record Row(
      int batch,
      int group,
      int threads,
      int promptTokens,
      int newTokens,
      double tokensPerSecond,
      double baselineTokensPerSecond,
      double fractionOfLimit) {
    @JsonProperty
    public double ratio() {
      return tokensPerSecond / baselineTokensPerSecond;
    }
  }

  /**
   * Responses whose bits depend on the batch and responses whose bits do not, on one thread.
   *
   * @param holds whether they do not; false where this machine lacks what it takes
   * @param libraryTokensPerSecond of steps by the tensor library's own products
   */
  public record Invariance(
      int responses, boolean holds, double tokensPerSecond, double libraryTokensPerSecond) {
    @JsonProperty
    public double ratio() {
      return tokensPerSecond / libraryTokensPerSecond;
    }
  }

  /**
   * Responses of lengths with a heavy tail.
   *
   * @param meanOverMax mean length over the longest
   * @param use share of the slots that were in use, over the decode steps
   * @param staticTokensPerSecond of the same responses in batches that end with their longest one
   */
  public record SlotUse(
      int slots,
      double meanOverMax,
      double use,
      double tokensPerSecond,
      double staticTokensPerSecond) {
    @JsonProperty
    public double ratio() {
      return tokensPerSecond / staticTokensPerSecond;
    }
  }

  /**
   * A group's first tokens, with one prompt for all and with a prompt for each.
   *
   * @param fractionOfIdeal saved time over that of all prompts but one
   */
  public record PrefixSharing(
      int promptTokens,
      int group,
      double sharedMillis,
      double apartMillis,
      double fractionOfIdeal) {}

  /**
   * How a decode step's time grows with the response's length.
   *
   * @param gigabytesPerSecond memory traffic that the machine reaches on one thread
   * @param slopeOverTraffic growth of the time per cached byte, over the time that reading it takes
   */
  public record LengthCost(
      int rows, List<Point> points, double gigabytesPerSecond, double slopeOverTraffic) {
    /** Time of a step that decodes the last of so many tokens. */
    public record Point(int responseTokens, double millisPerStep) {}
  }
}

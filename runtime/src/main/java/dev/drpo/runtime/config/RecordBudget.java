package dev.drpo.runtime.config;

/**
 * What a record may take on the broker, and what a group of the longest responses takes of it. A
 * response's text has no bound but its tokens' own lengths, so that a group may still come out
 * larger than is counted here; it becomes a dead letter then.
 */
public final class RecordBudget {
  /**
   * Largest serialized record, in bytes. A broker takes requests of up to 100 MiB unless it is told
   * otherwise, and a dead letter holds a record of the largest size.
   */
  public static final int LARGEST = 32 << 20;

  /** A token's id, of a vocabulary below two million. */
  private static final int ID_BYTES = 3;

  /** Text of a token, as {@link dev.drpo.runtime.process.HeapNeeds} counts it. */
  private static final int TEXT_BYTES = 5;

  /** A response without its tokens, and its verdict. */
  private static final int RESPONSE_BYTES = 1024;

  /** Golds and metadata. */
  private static final int PROBLEM_BYTES = 64 << 10;

  private RecordBudget() {}

  /**
   * Bytes of a scored group whose responses all have the longest size.
   *
   * @param truncated whether top-p cuts the distribution, so that each token has a second
   *     log-probability
   */
  static long group(int responses, int promptTokens, int responseTokens, boolean truncated) {
    int token = ID_BYTES + TEXT_BYTES + (truncated ? 2 : 1) * Float.BYTES;
    return PROBLEM_BYTES
        + (long) ID_BYTES * promptTokens
        + responses * (RESPONSE_BYTES + (long) token * responseTokens);
  }

  /**
   * Refuses a run whose groups may not fit.
   *
   * @throws ConfigException if one of training, or of evaluation, is too large
   */
  static void requireFits(RunConfig.Sampling sampling, RunConfig.Evaluation evaluation) {
    require("sampling.group-size", sampling.groupSize(), false, sampling);
    if (evaluation.problems() > 0) {
      require("evaluation.samples", evaluation.samples(), evaluation.topP() < 1, sampling);
    }
  }

  private static void require(
      String key, int responses, boolean truncated, RunConfig.Sampling sampling) {
    long bytes =
        group(responses, sampling.maxPromptTokens(), sampling.maxResponseTokens(), truncated);
    ConfigException.require(
        bytes <= LARGEST,
        key,
        responses,
        "a group of so many responses of the longest size (sampling.max-response-tokens is %d) takes %.1f MiB as one record, and a record may take %d MiB; lower one of the two"
            .formatted(sampling.maxResponseTokens(), bytes / (double) (1 << 20), LARGEST >> 20));
  }
}

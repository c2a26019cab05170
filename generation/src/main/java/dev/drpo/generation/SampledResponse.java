package dev.drpo.generation;

import java.util.List;

/**
 * One sampled response.
 *
 * @param tokens the response's token ids, an end-of-sequence token included
 * @param logProbabilities one natural logarithm per token, of the temperature-scaled distribution
 *     before truncation; NaN where an engine of another process does not tell it
 * @param samplingLogProbabilities the same of the truncated distribution that it was drawn from
 * @param finishReason why it ended
 * @param versions which weights sampled which tokens, in token order; the counts add up to the
 *     number of tokens
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; lists would box every token.
public record SampledResponse(
    int[] tokens,
    float[] logProbabilities,
    float[] samplingLogProbabilities,
    FinishReason finishReason,
    List<VersionSpan> versions) {
  public SampledResponse {
    int spanned = versions.stream().mapToInt(VersionSpan::tokens).sum();
    if (tokens.length == 0
        || logProbabilities.length != tokens.length
        || samplingLogProbabilities.length != tokens.length
        || spanned != tokens.length) {
      throw new IllegalArgumentException(
          "a response of %d tokens has %d log-probabilities and versions of %d tokens"
              .formatted(tokens.length, logProbabilities.length, spanned));
    }
    versions = List.copyOf(versions);
  }
}

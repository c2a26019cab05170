package dev.drpo.policy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Log-probabilities of given tokens by the decoder's forward pass, for callers that never train:
 * without gradients and moments it takes a quarter of a trainer's memory, and never more logits
 * than a large vocabulary allows. One thread may use it.
 */
public final class PolicyScorer implements AutoCloseable {
  /** 64 MiB of fp32 logits: small beside any policy, and large enough for a matrix product. */
  private static final int LOGITS_AT_ONCE = 1 << 24;

  private final Decoder decoder;
  private final int logitsAtOnce;

  /**
   * Scores with a policy.
   *
   * @param decoder the policy; the scorer owns it from now on
   */
  public PolicyScorer(Decoder decoder) {
    this(decoder, LOGITS_AT_ONCE);
  }

  PolicyScorer(Decoder decoder, int logitsAtOnce) {
    this.decoder = decoder;
    this.logitsAtOnce = logitsAtOnce;
  }

  /**
   * Runs the forward pass over sequences, padded to the longest.
   *
   * @param sequences token ids, two or more each
   * @param temperature divides the logits; above 0
   * @return for each sequence one natural logarithm per token from the second on
   */
  public List<float[]> logProbabilities(List<int[]> sequences, double temperature) {
    int columns = sequences.stream().mapToInt(tokens -> tokens.length - 1).max().orElseThrow();
    int predicted = sequences.stream().mapToInt(tokens -> tokens.length - 1).sum();
    long[] ids = new long[sequences.size() * columns];
    long[] select = new long[predicted];
    long[] labels = new long[predicted];
    int next = 0;
    for (int row = 0; row < sequences.size(); row++) {
      int[] tokens = sequences.get(row);
      for (int i = 0; i + 1 < tokens.length; i++) {
        int place = row * columns + i;
        ids[place] = tokens[i];
        select[next] = place;
        labels[next] = tokens[i + 1];
        next++;
      }
    }
    float[] found;
    try (NDManager step = decoder.manager().newSubManager()) {
      found =
          decoder
              .script()
              .tensor(
                  step,
                  "score",
                  step.create(ids, new Shape(sequences.size(), columns)),
                  step.create(select),
                  step.create(labels),
                  temperature,
                  (long) Math.max(1, logitsAtOnce / decoder.config().vocabularySize()))
              .toFloatArray();
    }
    return cut(found, sequences);
  }

  private static List<float[]> cut(float[] values, List<int[]> sequences) {
    List<float[]> bySequence = new ArrayList<>();
    int from = 0;
    for (int[] tokens : sequences) {
      bySequence.add(Arrays.copyOfRange(values, from, from + tokens.length - 1));
      from += tokens.length - 1;
    }
    return bySequence;
  }

  /** The architecture. */
  public ModelConfig config() {
    return decoder.config();
  }

  @Override
  public void close() {
    decoder.close();
  }
}

package dev.drpo.policy.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Log-probabilities of given tokens by the trainer's own forward pass, for callers that never
 * train: without gradients and moments it takes a quarter of a trainer's memory. One thread may use
 * it.
 */
public final class PolicyScorer implements AutoCloseable {
  /** What of the pass is kept for a gradient: nothing. */
  private static final long KEPT = TrainingWorker.Kept.NOTHING.ordinal();

  private final Decoder decoder;
  private final long headRows;
  private final NDManager root;

  /**
   * Scores with a policy, at most {@link TrainerOptions#HEAD_ELEMENTS} logits at once.
   *
   * @param decoder the policy in fp32; the scorer owns it from now on
   * @param compute element type of the products with weights, as {@link TrainerOptions#compute}
   */
  public PolicyScorer(Decoder decoder, ElementType compute) {
    this(decoder, compute, TrainerOptions.HEAD_ELEMENTS, null);
  }

  /**
   * Scores with weights on the CPU in fp32.
   *
   * @param weights of any element type; only read during the call
   * @throws dev.drpo.policy.PolicyFormatException if they do not fit the architecture
   */
  public static PolicyScorer load(ModelConfig config, Safetensors weights) {
    NDManager root = TensorEngine.newManager();
    try {
      return new PolicyScorer(
          Decoder.load(root, config, weights), ElementType.F32, TrainerOptions.HEAD_ELEMENTS, root);
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  PolicyScorer(Decoder decoder, ElementType compute, long headElements) {
    this(decoder, compute, headElements, null);
  }

  private PolicyScorer(Decoder decoder, ElementType compute, long headElements, NDManager root) {
    this.decoder = decoder;
    this.root = root;
    this.headRows = Math.max(1, headElements / decoder.config().vocabularySize());
    if (compute == ElementType.F32) {
      decoder.script().run("train_mode", decoder.weights(), List.of());
    } else {
      List<NDArray> rounded =
          decoder.weights().stream()
              .map(weight -> decoder.zeros(weight.getShape().getShape(), compute))
              .toList();
      decoder.script().run("train_mode", rounded, List.of());
      decoder.script().run("round_weights");
    }
  }

  /**
   * Runs the forward pass over sequences, without padding.
   *
   * @param sequences token ids, two or more each
   * @param temperature divides the logits; above 0
   * @return for each sequence one natural logarithm per token from the second on
   */
  public List<float[]> logProbabilities(List<int[]> sequences, double temperature) {
    MicroBatch batch = stream(sequences);
    float[] found;
    try (NDManager step = decoder.manager().newSubManager()) {
      found =
          decoder
              .script()
              .tensors(
                  step,
                  "log_probabilities",
                  step.create(batch.ids()),
                  step.create(batch.positions()),
                  batch.segments(),
                  step.create(batch.select()),
                  step.create(batch.labels()),
                  temperature,
                  headRows,
                  KEPT,
                  (long) TrainingWorker.Head.LABELS.ordinal())
              .getFirst()
              .toFloatArray();
    }
    List<float[]> bySequence = new ArrayList<>();
    int from = 0;
    for (int[] tokens : sequences) {
      bySequence.add(Arrays.copyOfRange(found, from, from + tokens.length - 1));
      from += tokens.length - 1;
    }
    return bySequence;
  }

  /** One segment a sequence, whose last token is only predicted. */
  private static MicroBatch stream(List<int[]> sequences) {
    int fed = sequences.stream().mapToInt(tokens -> tokens.length - 1).sum();
    long[] ids = new long[fed];
    long[] positions = new long[fed];
    long[] places = new long[fed];
    long[] labels = new long[fed];
    long[] segments = new long[4 * sequences.size()];
    int next = 0;
    for (int s = 0; s < sequences.size(); s++) {
      int[] tokens = sequences.get(s);
      segments[4 * s] = next;
      segments[4 * s + 1] = tokens.length - 1;
      for (int i = 0; i + 1 < tokens.length; i++) {
        ids[next] = tokens[i];
        positions[next] = i;
        places[next] = next;
        labels[next] = tokens[i + 1];
        next++;
      }
    }
    return new MicroBatch(ids, positions, segments, places, labels);
  }

  /** The architecture. */
  public ModelConfig config() {
    return decoder.config();
  }

  @Override
  public void close() {
    decoder.close();
    if (root != null) {
      root.close();
    }
  }
}

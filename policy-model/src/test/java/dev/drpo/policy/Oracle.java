package dev.drpo.policy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.reference.ReferenceDecoder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.PolicyScorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the reference computes in double precision, and how it is differentiated. */
public final class Oracle {
  private final NDManager manager;
  private final ReferenceDecoder decoder;

  private Oracle(NDManager manager, ReferenceDecoder decoder) {
    this.manager = manager;
    this.decoder = decoder;
  }

  /** Reads an fp32 checkpoint. */
  public static Oracle read(NDManager manager, ModelConfig config, Path weights) {
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return new Oracle(manager, ReferenceDecoder.read(manager, config, file, DataType.FLOAT64));
    }
  }

  /** The same policy with one element of one tensor moved. */
  public Oracle nudged(String name, int element, double by) {
    NDArray tensor = decoder.weights().get(name);
    double[] values = tensor.toDoubleArray();
    values[element] += by;
    Map<String, NDArray> moved = new LinkedHashMap<>(decoder.weights());
    moved.put(name, manager.create(values, tensor.getShape()));
    return new Oracle(
        manager, new ReferenceDecoder(manager, decoder.config(), moved, DataType.FLOAT64));
  }

  int vocabulary() {
    return decoder.config().vocabularySize();
  }

  /** Logits {@code [rows, columns, vocabulary]}, row-major. */
  public double[] logits(long[] ids, int rows, int columns) {
    return decoder.logits(manager, ids, rows, columns);
  }

  /** Sum of coefficients times log-probabilities of a micro-batch's response tokens. */
  public double objective(PaddedBatch batch, float[] coefficients, double temperature) {
    return weighted(batch, coefficients, temperature).getDouble();
  }

  /** Gradient of {@link #objective} in every tensor, by reverse-mode differentiation. */
  public Map<String, double[]> gradients(
      PaddedBatch batch, float[] coefficients, double temperature) {
    Map<String, NDArray> weights = decoder.weights();
    weights.values().forEach(weight -> weight.setRequiresGradient(true));
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      collector.backward(weighted(batch, coefficients, temperature));
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    weights.forEach((name, weight) -> gradients.put(name, weight.getGradient().toDoubleArray()));
    weights.values().forEach(weight -> weight.setRequiresGradient(false));
    return gradients;
  }

  /**
   * Relative error of log-probabilities: those of a context's tokens, and those of every token of
   * the vocabulary behind it.
   */
  public double errorOf(PolicyScorer scorer, int[] context) {
    List<int[]> sequences = new ArrayList<>();
    for (int token = 0; token < vocabulary(); token++) {
      int[] sequence = Arrays.copyOf(context, context.length + 1);
      sequence[context.length] = token;
      sequences.add(sequence);
    }
    LogSoftmax exact = LogSoftmax.of(this, context, new int[0]);
    int predicted = context.length;
    float[] actual = new float[sequences.size() * predicted];
    double[] expected = new double[actual.length];
    List<float[]> scored = scorer.logProbabilities(sequences, 1);
    for (int i = 0; i < actual.length; i++) {
      int[] sequence = sequences.get(i / predicted);
      int position = i % predicted;
      actual[i] = scored.get(i / predicted)[position];
      expected[i] = exact.at(position, 1)[sequence[position + 1]];
    }
    return RelativeError.of(actual, expected);
  }

  private NDArray weighted(PaddedBatch batch, float[] coefficients, double temperature) {
    double[] weights = new double[batch.ids().length * vocabulary()];
    for (int i = 0; i < coefficients.length; i++) {
      weights[Math.toIntExact(batch.select()[i] * vocabulary() + batch.labels()[i])] =
          coefficients[i];
    }
    NDArray ids = manager.create(batch.ids(), new Shape(batch.rows(), batch.columns()));
    NDArray logits = decoder.logits(decoder.hidden(ids, new ReferenceDecoder.KvCache()));
    // An array, since the gradient reads it again, when a plain number would be gone.
    NDArray divisor = manager.create(temperature);
    return logits.div(divisor).logSoftmax(2).mul(manager.create(weights, logits.getShape())).sum();
  }
}

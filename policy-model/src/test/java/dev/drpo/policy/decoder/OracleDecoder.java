package dev.drpo.policy.decoder;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.TensorInfo;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Qwen2 written a second time, slowly and from the architecture's description: double precision,
 * one array operation at a time, one attention head at a time, a checkpoint's own tensors, no
 * script. It shares nothing with {@link Decoder} but the file format, so that agreement means
 * something.
 */
public final class OracleDecoder {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final NDManager manager;
  private final ModelConfig config;
  private final Map<String, NDArray> tensors;

  private OracleDecoder(NDManager manager, ModelConfig config, Map<String, NDArray> tensors) {
    this.manager = manager;
    this.config = config;
    this.tensors = tensors;
  }

  /** Reads an fp32 checkpoint. */
  public static OracleDecoder read(NDManager manager, ModelConfig config, SafetensorsFile file) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    for (TensorInfo info : file.tensors()) {
      double[] values = new double[Math.toIntExact(info.elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] = file.data(info.name()).getAtIndex(FLOAT, i);
      }
      long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
      tensors.put(info.name(), manager.create(values, new Shape(shape)));
    }
    return new OracleDecoder(manager, config, tensors);
  }

  /** The same policy with one element of one tensor moved. */
  public OracleDecoder nudged(String name, int element, double by) {
    NDArray tensor = tensors.get(name);
    double[] values = tensor.toDoubleArray();
    values[element] += by;
    Map<String, NDArray> moved = new LinkedHashMap<>(tensors);
    moved.put(name, manager.create(values, tensor.getShape()));
    return new OracleDecoder(manager, config, moved);
  }

  /** Logits {@code [rows, columns, vocabulary]}, row-major. */
  public double[] logits(long[] ids, int rows, int columns) {
    return forward(ids, rows, columns).toDoubleArray();
  }

  /** Sum of coefficients times log-probabilities of a micro-batch's response tokens. */
  public double objective(PaddedBatch batch, float[] coefficients, double temperature) {
    return weighted(batch, coefficients, temperature).getDouble();
  }

  /** Gradient of {@link #objective} in every tensor, by reverse-mode differentiation. */
  public Map<String, double[]> gradients(
      PaddedBatch batch, float[] coefficients, double temperature) {
    tensors.values().forEach(tensor -> tensor.setRequiresGradient(true));
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      collector.backward(weighted(batch, coefficients, temperature));
    }
    Map<String, double[]> gradients = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> gradients.put(name, tensor.getGradient().toDoubleArray()));
    tensors.values().forEach(tensor -> tensor.setRequiresGradient(false));
    return gradients;
  }

  private NDArray weighted(PaddedBatch batch, float[] coefficients, double temperature) {
    int vocabulary = config.vocabularySize();
    double[] weights = new double[batch.ids().length * vocabulary];
    for (int i = 0; i < coefficients.length; i++) {
      weights[Math.toIntExact(batch.select()[i] * vocabulary + batch.labels()[i])] =
          coefficients[i];
    }
    NDArray logits = forward(batch.ids(), batch.rows(), batch.columns());
    return logits
        .div(scalar(temperature))
        .logSoftmax(2)
        .mul(manager.create(weights, logits.getShape()))
        .sum();
  }

  private NDArray forward(long[] ids, int rows, int columns) {
    NDArray x = oneHot(ids, rows, columns).matMul(tensors.get("model.embed_tokens.weight"));
    NDArray mask = causalMask(columns);
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      x = x.add(attention(norm(x, layer + "input_layernorm"), layer + "self_attn.", mask));
      x = x.add(feedForward(norm(x, layer + "post_attention_layernorm"), layer + "mlp."));
    }
    String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    return project(norm(x, "model.norm"), head);
  }

  private NDArray oneHot(long[] ids, int rows, int columns) {
    double[] hot = new double[ids.length * config.vocabularySize()];
    for (int i = 0; i < ids.length; i++) {
      hot[Math.toIntExact(i * (long) config.vocabularySize() + ids[i])] = 1;
    }
    return manager.create(hot, new Shape(rows, columns, config.vocabularySize()));
  }

  private NDArray causalMask(int columns) {
    double[] mask = new double[columns * columns];
    for (int query = 0; query < columns; query++) {
      for (int key = query + 1; key < columns; key++) {
        mask[query * columns + key] = Double.NEGATIVE_INFINITY;
      }
    }
    return manager.create(mask, new Shape(columns, columns));
  }

  private NDArray attention(NDArray x, String attention, NDArray mask) {
    NDArray queries = biased(x, attention + "q_proj");
    NDArray keys = biased(x, attention + "k_proj");
    NDArray values = biased(x, attention + "v_proj");
    int sharers = config.heads() / config.keyValueHeads();
    NDList outputs = new NDList();
    for (int head = 0; head < config.heads(); head++) {
      NDArray query = rotate(head(queries, head));
      NDArray key = rotate(head(keys, head / sharers));
      NDArray scores =
          query.matMul(key.transpose(0, 2, 1)).div(scalar(Math.sqrt(config.headSize())));
      outputs.add(scores.add(mask).softmax(2).matMul(head(values, head / sharers)));
    }
    return project(NDArrays.concat(outputs, 2), attention + "o_proj");
  }

  private NDArray head(NDArray heads, int head) {
    return columns(heads, head * config.headSize(), (head + 1) * config.headSize());
  }

  /** Turns each pair (x_i, x_{i + half}) at position p by the angle p theta^(-i / half). */
  private NDArray rotate(NDArray x) {
    int half = config.headSize() / 2;
    int positions = Math.toIntExact(x.getShape().get(1));
    double[] cosines = new double[positions * half];
    double[] sines = new double[positions * half];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(config.ropeTheta(), -(double) i / half);
        cosines[position * half + i] = Math.cos(angle);
        sines[position * half + i] = Math.sin(angle);
      }
    }
    NDArray cosine = manager.create(cosines, new Shape(positions, half));
    NDArray sine = manager.create(sines, new Shape(positions, half));
    NDArray first = columns(x, 0, half);
    NDArray second = columns(x, half, 2 * half);
    return NDArrays.concat(
        new NDList(
            first.mul(cosine).sub(second.mul(sine)), second.mul(cosine).add(first.mul(sine))),
        2);
  }

  private NDArray feedForward(NDArray x, String mlp) {
    NDArray gate = project(x, mlp + "gate_proj");
    NDArray silu = gate.div(gate.neg().exp().add(1));
    return project(silu.mul(project(x, mlp + "up_proj")), mlp + "down_proj");
  }

  private NDArray norm(NDArray x, String name) {
    NDArray meanSquare = x.mul(x).mean(new int[] {2}, true);
    return x.div(meanSquare.add(config.rmsEpsilon()).sqrt()).mul(tensors.get(name + ".weight"));
  }

  private NDArray project(NDArray x, String name) {
    return x.matMul(tensors.get(name + ".weight").transpose());
  }

  private NDArray biased(NDArray x, String name) {
    NDArray product = project(x, name);
    return config.attentionBias() ? product.add(tensors.get(name + ".bias")) : product;
  }

  /**
   * A number that the gradient reads again. What {@code x.div(number)} makes of it is gone after
   * the division, and its memory the garbage collector's.
   */
  private NDArray scalar(double x) {
    return manager.create(x);
  }

  private static NDArray columns(NDArray x, int from, int to) {
    return x.get(new NDIndex(":, :, {}:{}", from, to));
  }
}

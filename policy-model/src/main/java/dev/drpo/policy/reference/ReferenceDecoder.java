package dev.drpo.policy.reference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Qwen2 as one writes it with the tensor library alone, one array operation at a time, from the
 * architecture's description: the oracle that tests compare with, in double precision, and the peer
 * that benchmarks compare with, in single. It shares nothing with the decoder but the file format,
 * so that agreement means something, and lies here since the tests of this module and the
 * benchmarks, which stand on it, both need it.
 *
 * <p>The library differentiates it: set its weights to require gradients.
 *
 * <p>A result belongs to the manager of the array that an operation is called on: every expression
 * begins with an activation, so that nothing stays behind when a step's manager is closed.
 */
public final class ReferenceDecoder {
  private final ModelConfig config;
  private final Map<String, NDArray> weights;
  private final DataType type;

  /** An array, since the gradient reads it again, when a plain number would be gone. */
  private final NDArray rootOfHeadSize;

  /**
   * Computes with weights.
   *
   * @param weights by their names in a checkpoint, in the shapes that they have there
   * @param type of the weights, and of all that is computed: FLOAT32 or FLOAT64
   */
  public ReferenceDecoder(
      NDManager manager, ModelConfig config, Map<String, NDArray> weights, DataType type) {
    this.config = config;
    this.weights = Map.copyOf(weights);
    this.type = type;
    this.rootOfHeadSize = array(manager, new double[] {Math.sqrt(config.headSize())}, new Shape(1));
  }

  /**
   * Copies the weights of an fp32 checkpoint.
   *
   * @param manager owns them
   * @throws IllegalArgumentException if a tensor is not in fp32
   */
  public static ReferenceDecoder read(
      NDManager manager, ModelConfig config, Safetensors files, DataType type) {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    for (TensorInfo info : files.tensors()) {
      if (info.type() != ElementType.F32) {
        throw new IllegalArgumentException(
            "tensor " + info.name() + " is in " + info.type() + "; the reference reads F32 alone");
      }
      long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
      // The array lies in the file's memory, which may be unmapped before the copy is used.
      try (NDArray mapped =
          manager.create(
              files.data(info.name()).asByteBuffer(), new Shape(shape), DataType.FLOAT32)) {
        weights.put(
            info.name(), type == DataType.FLOAT32 ? mapped.duplicate() : mapped.toType(type, true));
      }
    }
    return new ReferenceDecoder(manager, config, weights, type);
  }

  /** The architecture. */
  public ModelConfig config() {
    return config;
  }

  /** The weights by their names in a checkpoint. */
  public Map<String, NDArray> weights() {
    return weights;
  }

  /** Keys and values {@code [rows, heads, length, head size]} per layer, grown by concatenation. */
  public static final class KvCache {
    private final NDList keys = new NDList();
    private final NDList values = new NDList();

    private int length() {
      return keys.isEmpty() ? 0 : Math.toIntExact(keys.getFirst().getShape().get(2));
    }

    private void append(int layer, NDArray key, NDArray value) {
      if (layer == keys.size()) {
        keys.add(key);
        values.add(value);
      } else {
        keys.set(layer, keys.get(layer).concat(key, 2));
        values.set(layer, values.get(layer).concat(value, 2));
      }
    }

    /** Lets it live as long as another manager. */
    public void attach(NDManager manager) {
      keys.attach(manager);
      values.attach(manager);
    }
  }

  /** Logits {@code [rows, columns, vocabulary]} of right-padded sequences, row-major. */
  public double[] logits(NDManager manager, long[] ids, int rows, int columns) {
    try (NDManager step = manager.newSubManager()) {
      NDArray hidden = hidden(step.create(ids, new Shape(rows, columns)), new KvCache());
      return logits(hidden).toType(DataType.FLOAT64, false).toDoubleArray();
    }
  }

  /**
   * The residual stream {@code [rows, columns, hidden size]} behind the last layer. Causality keeps
   * padding on the right from reaching any token before it.
   *
   * @param ids {@code [rows, columns]}, which follow on what is cached; results belong to its
   *     manager
   * @param cache what earlier calls put there, or empty; it grows by these columns
   */
  public NDArray hidden(NDArray ids, KvCache cache) {
    int past = cache.length();
    int columns = Math.toIntExact(ids.getShape().get(1));
    NDManager step = ids.getManager();
    NDArray angles = angles(step, past, columns);
    NDArray cos = angles.cos();
    NDArray sin = angles.sin();
    // A single query sees all keys that there are.
    NDArray mask = columns == 1 ? null : causalMask(step, past, columns);
    NDArray x =
        ids.getNDArrayInternal()
            .embedding(ids, weights.get("model.embed_tokens.weight"), SparseFormat.DENSE)
            .singletonOrThrow();
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      NDArray normed = norm(x, layer + "input_layernorm");
      x = x.add(attention(normed, i, layer + "self_attn.", cos, sin, mask, cache));
      x = x.add(feedForward(norm(x, layer + "post_attention_layernorm"), layer + "mlp."));
    }
    return x;
  }

  /** Logits {@code [.., vocabulary]} of rows {@code [.., hidden size]} of the residual stream. */
  public NDArray logits(NDArray hidden) {
    String head = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    return project(norm(hidden, "model.norm"), head);
  }

  private NDArray attention(
      NDArray x, int layer, String name, NDArray cos, NDArray sin, NDArray mask, KvCache cache) {
    int sharers = config.heads() / config.keyValueHeads();
    NDArray rotated = rotate(heads(project(x, name + "q_proj"), config.heads()), cos, sin);
    // There are fewer queries than scores to scale.
    NDArray queries = rotated.div(rootOfHeadSize);
    cache.append(
        layer,
        rotate(heads(project(x, name + "k_proj"), config.keyValueHeads()), cos, sin),
        heads(project(x, name + "v_proj"), config.keyValueHeads()));
    NDArray keys = cache.keys.get(layer).repeat(1, sharers);
    NDArray values = cache.values.get(layer).repeat(1, sharers);
    NDArray scores = queries.matMul(keys.transpose(0, 1, 3, 2));
    NDArray seen = mask == null ? scores : scores.add(mask);
    NDArray mixed = seen.softmax(-1).matMul(values).transpose(0, 2, 1, 3);
    Shape shape = x.getShape();
    NDArray merged =
        mixed.reshape(shape.get(0), shape.get(1), (long) config.heads() * config.headSize());
    return project(merged, name + "o_proj");
  }

  /** {@code [rows, heads, columns, head size]}. */
  private NDArray heads(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, config.headSize()).transpose(0, 2, 1, 3);
  }

  /** Turns each pair (x_i, x_{i + half}) at position p by the angle p theta^(-i / half). */
  private NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
    int half = config.headSize() / 2;
    NDArray first = x.get(new NDIndex("..., :{}", half));
    NDArray second = x.get(new NDIndex("..., {}:", half));
    NDArray turned = NDArrays.concat(new NDList(second.neg(), first), 3);
    return x.mul(cos).add(turned.mul(sin));
  }

  private NDArray feedForward(NDArray x, String name) {
    NDArray gate = project(x, name + "gate_proj");
    NDArray silu = gate.mul(Activation.sigmoid(gate));
    return project(silu.mul(project(x, name + "up_proj")), name + "down_proj");
  }

  private NDArray norm(NDArray x, String name) {
    NDArray meanSquare = x.mul(x).mean(new int[] {-1}, true);
    return x.div(meanSquare.add(config.rmsEpsilon()).sqrt()).mul(weights.get(name + ".weight"));
  }

  private NDArray project(NDArray x, String name) {
    return x.getNDArrayInternal()
        .linear(x, weights.get(name + ".weight"), weights.get(name + ".bias"))
        .singletonOrThrow();
  }

  private NDArray angles(NDManager step, int past, int columns) {
    int size = config.headSize();
    double[] frequencies = new double[size / 2];
    Arrays.setAll(frequencies, i -> Math.pow(config.ropeTheta(), -2.0 * i / size));
    double[] angles = new double[columns * size];
    for (int i = 0; i < angles.length; i++) {
      angles[i] = (past + i / size) * frequencies[i % (size / 2)];
    }
    return array(step, angles, new Shape(columns, size));
  }

  /** {@code [columns, past + columns]}: minus infinity where a key comes after the query. */
  private NDArray causalMask(NDManager step, int past, int columns) {
    int keys = past + columns;
    double[] mask = new double[columns * keys];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % keys > past + i / keys ? Double.NEGATIVE_INFINITY : 0;
    }
    return array(step, mask, new Shape(columns, keys));
  }

  private NDArray array(NDManager manager, double[] values, Shape shape) {
    if (type == DataType.FLOAT64) {
      return manager.create(values, shape);
    }
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return manager.create(rounded, shape);
  }
}

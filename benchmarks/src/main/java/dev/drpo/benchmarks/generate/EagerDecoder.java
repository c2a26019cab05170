package dev.drpo.benchmarks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer of the generation benchmark: the same decoder written as one would first, operation by
 * operation on arrays, each projection apart, with caches that grow by concatenation and every
 * sequence's prompt run for itself. Its weights are random; its figures are of time alone.
 */
final class EagerDecoder implements AutoCloseable {
  private final ModelConfig config;
  private final NDManager manager;
  private final NDArray embedding;
  private final NDArray head;
  private final NDArray norm;
  private final List<Layer> layers = new ArrayList<>();
  private final NDArray frequencies;

  private record Layer(
      NDArray inputNorm,
      NDArray query,
      NDArray key,
      NDArray value,
      NDArray output,
      NDArray postNorm,
      NDArray gate,
      NDArray up,
      NDArray down) {}

  EagerDecoder(ModelConfig config) {
    this.config = config;
    this.manager = TensorEngine.newManager();
    int width = config.hiddenSize();
    int queries = config.heads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    embedding = random(config.vocabularySize(), width);
    head = random(width, config.vocabularySize());
    norm = manager.ones(new Shape(width));
    for (int i = 0; i < config.layers(); i++) {
      layers.add(
          new Layer(
              manager.ones(new Shape(width)),
              random(width, queries),
              random(width, keys),
              random(width, keys),
              random(queries, width),
              manager.ones(new Shape(width)),
              random(width, config.intermediateSize()),
              random(width, config.intermediateSize()),
              random(config.intermediateSize(), width)));
    }
    NDArray exponents =
        manager.arange(0, config.headSize(), 2, DataType.FLOAT32).div(-config.headSize());
    frequencies = manager.create((float) config.ropeTheta()).pow(exponents);
  }

  private NDArray random(long rows, long columns) {
    return manager.randomNormal(0, 0.02f, new Shape(rows, columns), DataType.FLOAT32);
  }

  /** Samples responses to equal prompts; returns the last tokens, so that all is computed. */
  long[] sample(int sequences, int promptTokens, int newTokens) {
    NDManager cache = manager.newSubManager();
    try {
      NDList keys = new NDList();
      NDList values = new NDList();
      NDArray ids =
          cache
              .arange(0, (long) sequences * promptTokens)
              .mod(config.vocabularySize())
              .reshape(sequences, promptTokens);
      for (int t = 0; t < newTokens; t++) {
        // Each step has a scope of its own; what the next one needs moves to the next scope.
        NDManager next = manager.newSubManager();
        ids = step(cache, ids, t == 0 ? 0 : promptTokens + t - 1, keys, values);
        ids.attach(next);
        keys.attach(next);
        values.attach(next);
        cache.close();
        cache = next;
      }
      return ids.toLongArray();
    } finally {
      cache.close();
    }
  }

  private NDArray step(NDManager scope, NDArray ids, long position, NDList keys, NDList values) {
    long sequences = ids.getShape().get(0);
    long tokens = ids.getShape().get(1);
    ids.attach(scope);
    NDArray angles =
        scope
            .arange(position, position + tokens, 1, DataType.FLOAT32)
            .reshape(tokens, 1)
            .mul(frequencies.reshape(1, config.headSize() / 2));
    NDArray cos = angles.cos().concat(angles.cos(), -1).reshape(1, 1, tokens, config.headSize());
    NDArray sin = angles.sin().concat(angles.sin(), -1).reshape(1, 1, tokens, config.headSize());
    NDArray x = embed(scope, ids);
    boolean first = keys.isEmpty();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      NDArray normed = rmsNorm(x, layer.inputNorm());
      NDArray q = rope(heads(normed.matMul(layer.query()), config.heads()), cos, sin);
      NDArray k = rope(heads(normed.matMul(layer.key()), config.keyValueHeads()), cos, sin);
      NDArray v = heads(normed.matMul(layer.value()), config.keyValueHeads());
      if (first) {
        keys.add(k);
        values.add(v);
      } else {
        keys.set(i, keys.get(i).concat(k, 2));
        values.set(i, values.get(i).concat(v, 2));
      }
      long repeats = config.heads() / config.keyValueHeads();
      NDArray scores =
          q.matMul(keys.get(i).repeat(1, repeats).transpose(0, 1, 3, 2))
              .div(Math.sqrt(config.headSize()));
      if (tokens > 1) {
        NDArray row = scope.arange((int) tokens).reshape(1, tokens);
        NDArray future = row.gt(row.transpose()).toType(DataType.FLOAT32, false).mul(-1e9f);
        scores = scores.add(future);
      }
      NDArray mixed =
          scores
              .softmax(-1)
              .matMul(values.get(i).repeat(1, repeats))
              .transpose(0, 2, 1, 3)
              .reshape(sequences, tokens, (long) config.heads() * config.headSize());
      x = x.add(mixed.matMul(layer.output()));
      NDArray post = rmsNorm(x, layer.postNorm());
      NDArray gate = post.matMul(layer.gate());
      NDArray gated = gate.mul(Activation.sigmoid(gate)).mul(post.matMul(layer.up()));
      x = x.add(gated.matMul(layer.down()));
    }
    NDArray last = x.get(new NDIndex(":, -1"));
    NDArray logits = rmsNorm(last, norm).matMul(head);
    NDArray uniform = scope.randomUniform(1e-20f, 1, logits.getShape());
    return logits.sub(uniform.log().neg().log()).argMax(1).reshape(sequences, 1);
  }

  private NDArray embed(NDManager scope, NDArray ids) {
    NDArray flat = ids.flatten();
    NDArray rows = embedding.get(scope, new NDIndex("{}", flat));
    return rows.reshape(ids.getShape().get(0), ids.getShape().get(1), config.hiddenSize());
  }

  private NDArray heads(NDArray x, int count) {
    return x.reshape(x.getShape().get(0), x.getShape().get(1), count, config.headSize())
        .transpose(0, 2, 1, 3);
  }

  private NDArray rmsNorm(NDArray x, NDArray gain) {
    NDArray square = x.square().mean(new int[] {-1}, true).add(config.rmsEpsilon());
    return x.div(square.sqrt()).mul(gain);
  }

  private NDArray rope(NDArray x, NDArray cos, NDArray sin) {
    int half = config.headSize() / 2;
    NDArray turned =
        x.get(new NDIndex("..., {}:", half)).neg().concat(x.get(new NDIndex("..., :{}", half)), -1);
    return x.mul(cos).add(turned.mul(sin));
  }

  @Override
  public void close() {
    manager.close();
  }
}

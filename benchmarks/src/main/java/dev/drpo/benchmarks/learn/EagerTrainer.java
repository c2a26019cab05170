package dev.drpo.benchmarks.learn;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.training.GradientCollector;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The policy as one would write it with the tensor library alone, for comparison: one array
 * operation at a time over one batch of sequences of the same length, attention and logits written
 * out, differentiated by the library. It takes no optimizer step, which would cost it a little
 * more.
 *
 * <p>A result belongs to the manager of the array that an operation is called on: every expression
 * begins with an activation, so that nothing stays behind when the step's manager is closed.
 */
public final class EagerTrainer {
  private final NDManager manager;
  private final ModelConfig config;

  /** An array, since the gradient reads it again, when a plain number would be gone. */
  private final NDArray rootOfHeadSize;

  private final NDArray embedding;
  private final List<Layer> layers;

  private record Layer(
      NDArray norm,
      NDArray queries,
      NDArray keys,
      NDArray values,
      NDArray output,
      NDArray secondNorm,
      NDArray gate,
      NDArray up,
      NDArray down) {}

  public EagerTrainer(NDManager manager, ModelConfig config) {
    this.manager = manager;
    this.config = config;
    int width = config.hiddenSize();
    int inner = config.intermediateSize();
    int queries = config.heads() * config.headSize();
    int keys = config.keyValueHeads() * config.headSize();
    this.rootOfHeadSize = manager.create((float) Math.sqrt(config.headSize()));
    this.embedding = weight(config.vocabularySize(), width);
    this.layers =
        IntStream.range(0, config.layers())
            .mapToObj(
                _ ->
                    new Layer(
                        weight(width),
                        weight(width, queries),
                        weight(width, keys),
                        weight(width, keys),
                        weight(queries, width),
                        weight(width),
                        weight(width, inner),
                        weight(width, inner),
                        weight(inner, width)))
            .toList();
  }

  private NDArray weight(long... shape) {
    NDArray weight = manager.randomNormal(new Shape(shape)).mul(0.02f);
    weight.setRequiresGradient(true);
    return weight;
  }

  /** One forward and one backward pass; gives the mean negative log-probability. */
  public double step(List<Sequence> sequences) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = loss(step, sequences);
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  private NDArray loss(NDManager step, List<Sequence> sequences) {
    int rows = sequences.size();
    int columns = sequences.getFirst().fed();
    int prompt = sequences.getFirst().prompt().length;
    int predicted = columns - prompt + 1;
    long[] ids = new long[rows * columns];
    long[] labels = new long[rows * predicted];
    for (int row = 0; row < rows; row++) {
      Sequence sequence = sequences.get(row);
      for (int i = 0; i < columns; i++) {
        ids[row * columns + i] =
            i < prompt ? sequence.prompt()[i] : sequence.response()[i - prompt];
      }
      for (int i = 0; i < predicted; i++) {
        labels[row * predicted + i] = sequence.response()[i];
      }
    }
    NDArray tokens = step.create(ids, new Shape(rows, columns));
    NDArray x =
        tokens
            .getNDArrayInternal()
            .embedding(tokens, embedding, SparseFormat.DENSE)
            .singletonOrThrow();
    NDArray mask = causalMask(step, columns);
    NDArray angles = angles(step, columns);
    NDArray cos = angles.cos();
    NDArray sin = angles.sin();
    for (Layer layer : layers) {
      x = x.add(attention(norm(x, layer.norm()), layer, cos, sin, mask));
      x = x.add(feedForward(norm(x, layer.secondNorm()), layer));
    }
    // The embedding's own transposition would stay with the embedding's manager.
    NDArray flat = x.get(new NDIndex(":, {}:", prompt - 1)).reshape(-1, config.hiddenSize());
    NDArray logits = flat.getNDArrayInternal().linear(flat, embedding, null).singletonOrThrow();
    NDArray chosen = step.create(labels, new Shape((long) rows * predicted, 1));
    return logits.logSoftmax(-1).gather(chosen, 1).mean().neg();
  }

  private NDArray norm(NDArray x, NDArray gain) {
    NDArray meanSquare = x.mul(x).mean(new int[] {2}, true);
    return x.div(meanSquare.add(config.rmsEpsilon()).sqrt()).mul(gain);
  }

  private static NDArray feedForward(NDArray x, Layer layer) {
    NDArray gate = x.matMul(layer.gate());
    NDArray silu = gate.div(gate.neg().exp().add(1));
    return silu.mul(x.matMul(layer.up())).matMul(layer.down());
  }

  private NDArray attention(NDArray x, Layer layer, NDArray cos, NDArray sin, NDArray mask) {
    int sharers = config.heads() / config.keyValueHeads();
    NDArray queries = rotate(heads(x.matMul(layer.queries()), config.heads()), cos, sin);
    NDArray keys = rotate(heads(x.matMul(layer.keys()), config.keyValueHeads()), cos, sin);
    NDArray values = heads(x.matMul(layer.values()), config.keyValueHeads());
    NDArray scores =
        queries.matMul(keys.repeat(1, sharers).transpose(0, 1, 3, 2)).div(rootOfHeadSize);
    NDArray mixed = scores.add(mask).softmax(-1).matMul(values.repeat(1, sharers));
    Shape shape = x.getShape();
    NDArray merged =
        mixed
            .transpose(0, 2, 1, 3)
            .reshape(shape.get(0), shape.get(1), (long) config.heads() * config.headSize());
    return merged.matMul(layer.output());
  }

  /** {@code [rows, heads, columns, head size]}. */
  private NDArray heads(NDArray x, int heads) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), heads, config.headSize()).transpose(0, 2, 1, 3);
  }

  private NDArray rotate(NDArray x, NDArray cos, NDArray sin) {
    int half = config.headSize() / 2;
    NDArray first = x.get(new NDIndex("..., :{}", half));
    NDArray second = x.get(new NDIndex("..., {}:", half));
    NDArray turned = NDArrays.concat(new NDList(second.neg(), first), 3);
    return x.mul(cos).add(turned.mul(sin));
  }

  private NDArray angles(NDManager step, int columns) {
    int size = config.headSize();
    float[] angles = new float[columns * size];
    for (int i = 0; i < angles.length; i++) {
      int component = i % size % (size / 2);
      angles[i] = (float) (i / size * Math.pow(config.ropeTheta(), -2.0 * component / size));
    }
    return step.create(angles, new Shape(columns, size));
  }

  private static NDArray causalMask(NDManager step, int columns) {
    float[] mask = new float[columns * columns];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % columns > i / columns ? Float.NEGATIVE_INFINITY : 0;
    }
    return step.create(mask, new Shape(columns, columns));
  }
}

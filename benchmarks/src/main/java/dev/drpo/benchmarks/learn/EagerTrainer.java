package dev.drpo.benchmarks.learn;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.drpo.policy.reference.ReferenceDecoder;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.util.List;

/**
 * The peer of the learning benchmark: the reference over one batch of sequences of the same length,
 * differentiated by the tensor library. It takes no optimizer step, which would cost it a little
 * more.
 */
final class EagerTrainer {
  private final NDManager manager;
  private final ReferenceDecoder policy;

  /** Starts with a case's policy. */
  EagerTrainer(NDManager manager, LearnCase measured) throws IOException {
    this.manager = manager;
    this.policy =
        measured.load(
            weights ->
                ReferenceDecoder.read(manager, measured.policy(), weights, DataType.FLOAT32));
    policy.weights().values().forEach(weight -> weight.setRequiresGradient(true));
  }

  /** One forward and one backward pass; gives the mean negative log-probability. */
  double step(List<Sequence> sequences) {
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
    NDArray hidden =
        policy.hidden(step.create(ids, new Shape(rows, columns)), new ReferenceDecoder.KvCache());
    NDArray predicting = hidden.get(new NDIndex(":, {}:", prompt - 1));
    NDArray logits =
        policy.logits(predicting.reshape((long) rows * predicted, hidden.getShape().get(2)));
    NDArray chosen = step.create(labels, new Shape((long) rows * predicted, 1));
    return logits.logSoftmax(-1).gather(chosen, 1).mean().neg();
  }
}

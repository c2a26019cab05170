package dev.drpo.benchmarks.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.reference.ReferenceDecoder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.stream.LongStream;

/**
 * The peer of the generation benchmark: sampling as one would write it first, with a KV cache that
 * grows by concatenation and every sequence's prompt prefilled for itself.
 */
final class EagerSampler implements AutoCloseable {
  private final NDManager manager;
  private final ReferenceDecoder policy;

  /**
   * Loads a policy of the benchmark's shape.
   *
   * @param weights an fp32 checkpoint
   */
  EagerSampler(Path weights) {
    this.manager = TensorEngine.newManager();
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      this.policy = ReferenceDecoder.read(manager, GenerateBench.SHAPE, file, DataType.FLOAT32);
    }
  }

  /** Samples responses to equal prompts; returns the last tokens, so that all is computed. */
  long[] sample(int sequences, int promptTokens, int newTokens) {
    int vocabulary = policy.config().vocabularySize();
    long[] prompts =
        LongStream.range(0, (long) sequences * promptTokens).map(i -> i % vocabulary).toArray();
    ReferenceDecoder.KvCache cache = new ReferenceDecoder.KvCache();
    NDManager step = manager.newSubManager();
    try {
      NDArray ids = step.create(prompts, new Shape(sequences, promptTokens));
      for (int t = 0; t < newTokens; t++) {
        ids = draw(policy.logits(policy.hidden(ids, cache).get(new NDIndex(":, -1"))));
        // Each step has a scope of its own; what the next one needs moves to the next scope.
        NDManager next = manager.newSubManager();
        ids.attach(next);
        cache.attach(next);
        step.close();
        step = next;
      }
      return ids.toLongArray();
    } finally {
      step.close();
    }
  }

  /** One token a row {@code [rows, 1]} of the softmax of logits {@code [rows, vocabulary]}. */
  private static NDArray draw(NDArray logits) {
    NDArray uniform = logits.getManager().randomUniform(1e-20f, 1, logits.getShape());
    return logits.sub(uniform.log().neg().log()).argMax(1).reshape(logits.getShape().get(0), 1);
  }

  @Override
  public void close() {
    manager.close();
  }
}

package dev.drpo.policy.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes micro-batches one after the other: a module over its device's weights, with a gradient
 * buffer of its own. One thread at a time may use it.
 */
final class TrainingWorker implements AutoCloseable {
  private final Decoder decoder;
  private final ScriptModule script;
  private final NDManager manager;
  private final List<NDArray> factors;
  private final boolean rounds;
  private final List<NDArray> gradients;
  private final long headRows;
  private final Kept kept;

  /** What of each layer a forward pass keeps for the backward pass; codes of the script. */
  enum Kept {
    NOTHING,
    INPUT,
    ALL
  }

  /** What the vocabulary head is computed for; codes of the script. */
  enum Head {
    NOTHING,
    LABELS,
    LABELS_AND_ENTROPIES
  }

  /**
   * Prepares a module.
   *
   * @param decoder the worker's own
   * @param factors what products are computed with, laid out like the weights, for all workers of
   *     the device
   */
  TrainingWorker(Decoder decoder, List<NDArray> factors, TrainerOptions options) {
    this.decoder = decoder;
    this.script = decoder.script();
    this.manager = decoder.manager();
    this.factors = factors;
    this.rounds = options.compute() != ElementType.F32;
    this.gradients = decoder.weights().stream().map(w -> manager.zeros(w.getShape())).toList();
    this.headRows = Math.max(1, options.headElements() / decoder.config().vocabularySize());
    this.kept = options.gradientCheckpointing() ? Kept.INPUT : Kept.ALL;
    script.run("train_mode", factors, gradients);
  }

  Decoder decoder() {
    return decoder;
  }

  /** What products are computed with, laid out like the weights. */
  List<NDArray> factors() {
    return factors;
  }

  /** Whether products are computed with rounded weights. */
  boolean rounds() {
    return rounds;
  }

  /** For messages. */
  String deviceName() {
    return TensorEngine.name(manager.getDevice());
  }

  /** Spans of tensors, three numbers each, over the same memory. */
  List<NDArray> views(List<NDArray> tensors, long[] spans) {
    return script.tensors(manager, "views", tensors, spans);
  }

  List<NDArray> gradients() {
    return gradients;
  }

  /** Runs the forward pass and keeps what {@link Pass#backward} needs. */
  Pass forward(MicroBatch batch, double temperature) {
    return new Pass(batch, temperature, kept, Head.LABELS_AND_ENTROPIES);
  }

  /**
   * Runs the forward pass for the sake of {@link Pass#backward} alone: without log-probabilities,
   * which the caller has, so that the vocabulary head is computed once, for its gradient.
   */
  Pass forwardAgain(MicroBatch batch, double temperature) {
    return new Pass(batch, temperature, kept, Head.NOTHING);
  }

  /** Runs the forward pass only. */
  float[] logProbabilities(MicroBatch batch, double temperature) {
    try (Pass pass = new Pass(batch, temperature, Kept.NOTHING, Head.LABELS)) {
      return pass.logProbabilities();
    }
  }

  /** Runs the forward pass only, for what {@link Pass#scores} gives. */
  TokenScores scores(MicroBatch batch, double temperature) {
    try (Pass pass = new Pass(batch, temperature, Kept.NOTHING, Head.LABELS_AND_ENTROPIES)) {
      return pass.scores();
    }
  }

  @Override
  public void close() {
    decoder.close();
  }

  /** A forward pass of one micro-batch, with what it keeps. */
  final class Pass implements AutoCloseable {
    private final NDManager step = manager.newSubManager();
    private final List<Object> inputs;
    private final NDList results;

    private Pass(MicroBatch batch, double temperature, Kept kept, Head head) {
      try {
        this.inputs =
            List.of(
                step.create(batch.ids()),
                step.create(batch.positions()),
                batch.segments(),
                step.create(batch.select()),
                step.create(batch.labels()),
                temperature,
                headRows,
                (long) kept.ordinal(),
                (long) head.ordinal());
        this.results = new NDList(script.tensors(step, "log_probabilities", inputs.toArray()));
      } catch (RuntimeException e) {
        step.close();
        throw e;
      }
    }

    float[] logProbabilities() {
      return results.getFirst().toFloatArray();
    }

    /** Log-probabilities and entropies, of a pass that computes both. */
    TokenScores scores() {
      return new TokenScores(logProbabilities(), results.get(1).toFloatArray());
    }

    /** Adds the gradient of the sum of coefficients times log-probabilities to the worker's. */
    void backward(float[] coefficients) {
      List<Object> arguments = new ArrayList<>();
      arguments.add(List.copyOf(results.subList(2, results.size())));
      arguments.addAll(inputs);
      arguments.add(step.create(coefficients));
      script.run("backward", arguments.toArray());
    }

    @Override
    public void close() {
      step.close();
    }
  }
}

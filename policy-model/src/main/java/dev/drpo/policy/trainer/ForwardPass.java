package dev.drpo.policy.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Forward passes of some micro-batches, kept for one backward pass over all of them. */
public final class ForwardPass implements AutoCloseable {
  private final PolicyTrainer trainer;
  private final List<MicroBatch> batches;
  private final int[] worker;
  private final TrainingWorker.Pass[] passes;

  ForwardPass(PolicyTrainer trainer, List<MicroBatch> batches, double temperature) {
    this.trainer = trainer;
    this.batches = batches;
    this.worker = trainer.assign(batches);
    this.passes = new TrainingWorker.Pass[batches.size()];
    try {
      trainer.run(worker, (i, own) -> passes[i] = own.forward(batches.get(i), temperature));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** One natural logarithm per response token, by micro-batch. */
  public List<float[]> logProbabilities() {
    return Arrays.stream(passes).map(TrainingWorker.Pass::logProbabilities).toList();
  }

  /** The same with the entropies of their distributions. */
  public List<TokenScores> scores() {
    return Arrays.stream(passes).map(TrainingWorker.Pass::scores).toList();
  }

  /**
   * Adds the gradient of the sum of coefficients times log-probabilities to the trainer's
   * accumulated gradients. Can be called once.
   *
   * @param coefficients one per response token, by micro-batch
   */
  public void backward(List<float[]> coefficients) {
    PolicyTrainer.requireFit(batches, coefficients);
    trainer.run(worker, (i, own) -> passes[i].backward(coefficients.get(i)));
  }

  @Override
  public void close() {
    Arrays.stream(passes).filter(Objects::nonNull).forEach(TrainingWorker.Pass::close);
  }
}

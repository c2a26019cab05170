package dev.drpo.benchmarks.device;

import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import java.util.List;

/** What is asked of a trainer: log-probabilities and gradients of a policy. */
interface Learner extends AutoCloseable {
  /** One natural logarithm per response token, by micro-batch. */
  List<float[]> logProbabilities(List<MicroBatch> batches, double temperature);

  /** The gradient of the sum of coefficients times log-probabilities, by weight of the layout. */
  List<float[]> gradient(List<MicroBatch> batches, List<float[]> coefficients, double temperature);

  @Override
  void close();

  /** This project's trainer, which it closes. */
  static Learner of(PolicyTrainer trainer) {
    return new Learner() {
      @Override
      public List<float[]> logProbabilities(List<MicroBatch> batches, double temperature) {
        return trainer.logProbabilities(batches, temperature);
      }

      @Override
      public List<float[]> gradient(
          List<MicroBatch> batches, List<float[]> coefficients, double temperature) {
        trainer.zeroGradients();
        try (ForwardPass pass = trainer.forward(batches, temperature)) {
          pass.backward(coefficients);
        }
        return trainer.gradients();
      }

      @Override
      public void close() {
        trainer.close();
      }
    };
  }
}

package dev.drpo.learner.step;

import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TokenScores;
import java.util.List;

/** What a step spends its time on: the passes over a policy, at one temperature. */
public interface Passes {
  /** Forward passes that keep nothing: one natural logarithm per response token. */
  List<float[]> logProbabilities(List<MicroBatch> batches);

  /** The same with the entropies of their distributions. */
  List<TokenScores> scores(List<MicroBatch> batches);

  /** Forward passes that keep what their backward pass needs. */
  ForwardPass forward(List<MicroBatch> batches);

  /** Forward and backward passes, one micro-batch per worker at a time. */
  void accumulate(List<MicroBatch> batches, List<float[]> coefficients);

  /** Those of a trainer. */
  static Passes of(PolicyTrainer trainer, double temperature) {
    return new Passes() {
      @Override
      public List<float[]> logProbabilities(List<MicroBatch> batches) {
        return trainer.logProbabilities(batches, temperature);
      }

      @Override
      public List<TokenScores> scores(List<MicroBatch> batches) {
        return trainer.scores(batches, temperature);
      }

      @Override
      public ForwardPass forward(List<MicroBatch> batches) {
        return trainer.forward(batches, temperature);
      }

      @Override
      public void accumulate(List<MicroBatch> batches, List<float[]> coefficients) {
        trainer.accumulate(batches, coefficients, temperature);
      }
    };
  }
}

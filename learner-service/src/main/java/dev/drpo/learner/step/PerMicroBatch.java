package dev.drpo.learner.step;

import com.google.common.collect.Lists;
import dev.drpo.objectives.Divergence;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Signal;
import java.util.ArrayList;
import java.util.List;

/**
 * An objective as the paper's authors' code takes it: each micro-batch of a few questions has its
 * own divisor and its own KL hinge, and the mini-batch's objective is the mean of theirs, each by
 * its share of the questions. So the update depends on the size and the order of the micro-batches;
 * the default does not.
 *
 * <p>That is gradient accumulation: the authors' code adds up gradients of losses that it scales by
 * the micro-batch's share of the mini-batch, or divides by the number of micro-batches where it has
 * made sure that they are of one size. So a question counts the same in a short last micro-batch as
 * in any other.
 */
public final class PerMicroBatch implements Objective {
  private final Objective objective;
  private final int questions;

  /**
   * Cuts mini-batches in their order.
   *
   * @param objective what each micro-batch maximises
   * @param questions of one micro-batch; the last may have fewer
   */
  public PerMicroBatch(Objective objective, int questions) {
    this.objective = objective;
    this.questions = questions;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    List<List<Group>> microBatches = Lists.partition(groups, questions);
    double value = 0;
    double divergence = 0;
    long tokens = 0;
    List<double[][]> weights = new ArrayList<>();
    for (List<Group> microBatch : microBatches) {
      Evaluation own = objective.evaluate(microBatch);
      long ownTokens = Divergence.countingTokens(microBatch);
      value += own.value() * microBatch.size() / groups.size();
      divergence += own.divergence() * ownTokens;
      tokens += ownTokens;
      for (double[][] ofGroup : own.tokenWeights()) {
        for (double[] ofResponse : ofGroup) {
          for (int t = 0; t < ofResponse.length; t++) {
            ofResponse[t] = ofResponse[t] * microBatch.size() / groups.size();
          }
        }
        weights.add(ofGroup);
      }
    }
    return new Evaluation(
        value, weights.toArray(double[][][]::new), divergence / Math.max(1, tokens));
  }

  @Override
  public Signal signal() {
    return objective.signal();
  }
}

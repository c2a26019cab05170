package dev.drpo.learner.run;

import dev.drpo.reports.Evaluation;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.reports.PolicyEvaluation;
import java.io.IOException;

/**
 * A run's evaluations: of the policy that it starts from, every so many steps, and of the trained
 * policy. The best trained policy so far is kept.
 *
 * @param every steps from one to the next; 0 for none in between
 * @param log what they have found
 * @param best keeps the best policy
 */
record RunEvaluations(
    int every, Evaluator evaluator, EvaluationLog log, Keeper best, RunStatus status) {

  /** Keeps the policy that a run has at the moment. */
  @FunctionalInterface
  interface Keeper {
    /**
     * Keeps it in the place of the one before.
     *
     * @param steps that it has taken
     * @throws IOException if the disk is full; the one before is intact
     */
    void keep(long steps) throws IOException;
  }

  /** Whether the policy of so many steps, neither the first nor the last one's, is evaluated. */
  boolean isDueAt(long steps) {
    return every > 0 && steps > 0 && steps % every == 0 && evaluator.isOn();
  }

  /**
   * Takes up what earlier processes of the run have found.
   *
   * @param steps that the run goes on from; what was found of later policies is found again
   */
  void recallBefore(long steps) throws IOException {
    for (long step : evaluator.stepsEvaluatedBefore(steps)) {
      log.add(step, evaluator.recall(step));
    }
    status.evaluations(log);
  }

  /**
   * Evaluates the policy as it is, or reads what an earlier process of the run found, and keeps it
   * if none was better. The policy that the run starts from stays where it is.
   *
   * @param steps that it has taken
   */
  Evaluation of(long steps) throws InterruptedException, IOException {
    Evaluation found = evaluator.evaluate(steps);
    log.add(steps, found);
    if (steps > 0 && log.best().map(PolicyEvaluation::step).filter(b -> b == steps).isPresent()) {
      best.keep(steps);
    }
    status.evaluations(log);
    return found;
  }

  /** What was found of the policy that the run started from; none if nothing was. */
  Evaluation ofStart() throws IOException {
    return evaluator.recall(0);
  }
}

package dev.drpo.tracking;

import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;

/**
 * Somebody who is told of a run's numbers. No call fails or waits for long: a tracker that can't
 * take something says so in the log. The learner's thread is the only caller.
 */
public interface Tracker extends AutoCloseable {
  /** A step is done, and a line of {@code metrics.jsonl}. */
  void step(StepMetrics step);

  /** A policy has been evaluated. May be told again, with the same numbers. */
  void evaluation(PolicyEvaluation evaluation);

  /** The run is complete. */
  void completed(RunReport report);

  @Override
  void close();
}

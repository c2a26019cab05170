package dev.drpo.tracking;

import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import java.util.List;

/** All of a run's trackers, in order. */
public record Trackers(List<Tracker> all) implements Tracker {
  /** Of a run that nobody follows. */
  public static final Trackers NONE = new Trackers(List.of());

  public Trackers {
    all = List.copyOf(all);
  }

  @Override
  public void step(StepMetrics step) {
    all.forEach(tracker -> tracker.step(step));
  }

  @Override
  public void evaluation(PolicyEvaluation evaluation) {
    all.forEach(tracker -> tracker.evaluation(evaluation));
  }

  @Override
  public void completed(RunReport report) {
    all.forEach(tracker -> tracker.completed(report));
  }

  @Override
  public void close() {
    all.forEach(Tracker::close);
  }
}

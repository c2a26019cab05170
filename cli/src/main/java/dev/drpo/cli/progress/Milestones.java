package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import java.util.ArrayList;
import java.util.List;

/** Finds in a row of states what happened for the first time. */
final class Milestones {
  private RunState phase = RunState.RUN_STATE_UNSPECIFIED;
  private long step;
  private boolean trainingShown;
  private long evaluatedStep;
  private boolean beforeShown;
  private boolean afterShown;

  boolean isNewPhase(RunState state) {
    return state != phase;
  }

  /** Whether the step has not been asked about yet. */
  boolean isNewStep(StepSummary summary) {
    boolean isNew = summary.getStep() > step;
    step = Math.max(step, summary.getStep());
    return isNew;
  }

  /** Lines about a phase that begins and evaluations that ended; each is given once. */
  List<String> linesFor(GetStatusResponse status) {
    List<String> lines = new ArrayList<>();
    if (status.hasBefore() && !beforeShown) {
      beforeShown = true;
      lines.add("starting policy: " + Figures.evaluation(status.getBefore()));
    }
    for (EvaluationSummary evaluation : status.getEvaluationsList()) {
      // Those of the first and the last step are told as before and after.
      if (evaluation.getStep() > evaluatedStep && evaluation.getStep() < status.getStepsTotal()) {
        evaluatedStep = evaluation.getStep();
        lines.add("policy of step " + evaluatedStep + ": " + Figures.evaluation(evaluation));
      }
    }
    if (status.hasAfter() && !afterShown) {
      afterShown = true;
      lines.add("trained policy: " + Figures.evaluation(status.getAfter()));
    }
    if (isNewPhase(status.getState())) {
      phase = status.getState();
      switch (phase) {
        case RUN_STATE_EVALUATING_BEFORE, RUN_STATE_EVALUATING_AFTER ->
            lines.add(Figures.phase(phase));
        case RUN_STATE_EVALUATING ->
            lines.add(Figures.phase(phase) + " the policy of step " + status.getStepsDone());
        case RUN_STATE_TRAINING -> {
          // Evaluations interrupt it.
          if (!trainingShown) {
            trainingShown = true;
            lines.add(Figures.phase(phase) + ": " + status.getStepsTotal() + " steps");
          }
        }
        default -> {
          // The other states are brief, or told by whoever ends the run.
        }
      }
    }
    return lines;
  }
}

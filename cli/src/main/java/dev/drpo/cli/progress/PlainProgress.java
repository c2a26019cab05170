package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.learner.v1.StepSummary;
import java.io.PrintStream;

/** Lines for a file or a pipe: one per phase, per step and per quarter of an evaluation. */
final class PlainProgress implements Progress {
  private static final int EVALUATION_PARTS = 4;

  private final PrintStream out;
  private final Milestones milestones = new Milestones();
  private long shownPart;

  PlainProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void show(GetStatusResponse status) {
    if (milestones.isNewPhase(status.getState())) {
      shownPart = 0;
    }
    // A step belongs below its phase's headline, and the last one above the next phase's.
    if (status.getState() == RunState.RUN_STATE_TRAINING) {
      milestones.linesFor(status).forEach(out::println);
      showStep(status);
    } else {
      showStep(status);
      milestones.linesFor(status).forEach(out::println);
    }
    if (Figures.isEvaluation(status.getState())) {
      showEvaluation(status);
    }
    out.flush();
  }

  @Override
  public void notice(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }

  private void showStep(GetStatusResponse status) {
    if (status.hasLastStep() && milestones.isNewStep(status.getLastStep())) {
      out.println(step(status));
    }
  }

  private void showEvaluation(GetStatusResponse status) {
    long total = status.getPhaseGroupsTotal();
    long part = total == 0 ? 0 : status.getPhaseGroupsDone() * EVALUATION_PARTS / total;
    // The last part is told by the evaluation's result.
    if (part > shownPart && part < EVALUATION_PARTS) {
      shownPart = part;
      out.printf(
          "  %d of %d problems, %s%n", status.getPhaseGroupsDone(), total, Figures.pace(status));
    }
  }

  private static String step(GetStatusResponse status) {
    StepSummary step = status.getLastStep();
    String pace =
        status.getState() == RunState.RUN_STATE_TRAINING ? ", " + Figures.pace(status) : "";
    return "step %d/%d: %s%s"
        .formatted(step.getStep(), status.getStepsTotal(), Figures.step(step), pace);
  }
}

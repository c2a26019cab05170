package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** One bar at the bottom of the terminal, with the lines that stay above it. */
final class LiveProgress implements Progress {
  private static final Duration REFRESH = Duration.ofMillis(250);

  private final BottomLine bottom;
  private final Milestones milestones = new Milestones();
  private ProgressBarConsumer place;
  private ProgressBar bar;

  LiveProgress(PrintStream out) {
    this.bottom = new BottomLine(out);
  }

  @Override
  public void show(GetStatusResponse status) {
    if (milestones.isNewPhase(status.getState())) {
      closeBar();
    }
    milestones.linesFor(status).forEach(bottom::printAbove);
    switch (status.getState()) {
      case RUN_STATE_EVALUATING_BEFORE, RUN_STATE_EVALUATING, RUN_STATE_EVALUATING_AFTER ->
          draw(
              "problems",
              status.getPhaseGroupsDone(),
              status.getPhaseGroupsTotal(),
              Figures.pace(status));
      case RUN_STATE_TRAINING ->
          draw("steps", status.getStepsDone(), status.getStepsTotal(), training(status));
      default -> closeBar();
    }
  }

  @Override
  public void notice(String line) {
    bottom.printAbove(line);
  }

  @Override
  public void close() {
    closeBar();
  }

  private static String training(GetStatusResponse status) {
    String groups =
        "%d of %d groups".formatted(status.getPhaseGroupsDone(), status.getPhaseGroupsTotal());
    return status.hasLastStep()
        ? "%s, %s, %s".formatted(Figures.step(status.getLastStep()), Figures.pace(status), groups)
        : groups + ", " + Figures.pace(status);
  }

  private void draw(String name, long done, long total, String message) {
    if (bar == null) {
      place = bottom.newBar();
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis((int) REFRESH.toMillis())
              .hideEta()
              .setConsumer(place)
              .build();
    }
    bar.maxHint(total);
    bar.stepTo(done);
    bar.setExtraMessage(message);
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      // The bar's own thread may be late, and the next line must not be drawn over.
      place.close();
      bar = null;
    }
  }
}

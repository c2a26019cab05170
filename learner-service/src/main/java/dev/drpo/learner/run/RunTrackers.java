package dev.drpo.learner.run;

import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.StepMetrics;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.tracking.Tracker;
import dev.drpo.tracking.Trackers;
import dev.drpo.tracking.mlflow.MlflowTracker;
import dev.drpo.tracking.tensorboard.TensorBoardLog;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens the trackers that a run's configuration names. */
final class RunTrackers {
  private RunTrackers() {}

  /**
   * Opens them, with what the run has already.
   *
   * @param nextStep that the run goes on with; the first is 1
   * @param environment that holds credentials
   * @throws IOException if a folder can't be written, or {@code metrics.jsonl} not be read
   */
  static Trackers open(
      RunConfig config,
      RunSettings settings,
      long nextStep,
      Map<String, String> environment,
      InstantSource clock)
      throws IOException {
    Optional<Path> events = config.tracking().eventFolder(config.run());
    Optional<URI> mlflow = config.tracking().mlflowServer();
    if (events.isEmpty() && mlflow.isEmpty()) {
      return Trackers.NONE;
    }
    Path metrics = RunProgress.metricsFile(config);
    List<Tracker> trackers = new ArrayList<>();
    if (events.isPresent()) {
      List<StepMetrics> earlier = MetricsLog.read(metrics);
      trackers.add(TensorBoardLog.open(events.get(), nextStep, earlier, clock));
    }
    if (mlflow.isPresent()) {
      trackers.add(
          MlflowTracker.start(
              new MlflowTracker.Settings(
                  mlflow.get(),
                  config.tracking().experiment(),
                  config.run().id(),
                  ConfigLoader.toKeys(config),
                  Map.of(
                      "drpo.data_digest",
                      settings.trainSha256(),
                      "drpo.configuration_digest",
                      settings.digest())),
              metrics,
              nextStep - 1,
              environment,
              clock));
    }
    return new Trackers(trackers);
  }
}

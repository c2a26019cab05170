package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigKeys.requireBounds;
import static dev.drpo.runtime.config.OnResume.FREE;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Who is told of a run while it trains, beside its own files. */
public record TrackingConfig(
    @Key(
            byDefault = "false",
            bounds = "true, false or a folder",
            means =
                "Whether the learner writes TensorBoard event files ([tracking.md](tracking.md)):"
                    + " `true` into `tensorboard` of the run's folder, a folder into one of its own"
                    + " in it, by the run's name.",
            onResume = FREE)
        String tensorboard,
    @Key(
            byDefault = "",
            bounds = "an http or https address, or empty",
            means =
                "MLflow's tracking server, which the learner tells of the run. Credentials are taken"
                    + " from `MLFLOW_TRACKING_TOKEN`, or `MLFLOW_TRACKING_USERNAME` and"
                    + " `MLFLOW_TRACKING_PASSWORD`.",
            onResume = FREE)
        String mlflow,
    @Key(
            byDefault = "drpo",
            bounds = "a name",
            means = "The run's experiment there, which is made if need be.",
            onResume = FREE)
        String experiment) {
  private static final String ON = "true";
  private static final String OFF = "false";

  public TrackingConfig {
    requireBounds(!tensorboard.isBlank(), "tracking.tensorboard", "'" + tensorboard + "'");
    requireBounds(mlflow.isEmpty() || isHttp(mlflow), "tracking.mlflow", "'" + mlflow + "'");
    requireBounds(!experiment.isBlank(), "tracking.experiment", "'" + experiment + "'");
  }

  static boolean isHttp(String text) {
    return text.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?") && URI.create(text).getHost() != null;
  }

  /** Where event files of a run lie, if it has any. */
  public Optional<Path> eventFolder(RunConfig.Run run) {
    return switch (tensorboard) {
      case OFF -> Optional.empty();
      case ON -> Optional.of(run.directory().resolve("tensorboard"));
      default -> Optional.of(Path.of(tensorboard).resolve(run.id()));
    };
  }

  /** The tracking server, if there is one. */
  public Optional<URI> mlflowServer() {
    return mlflow.isEmpty() ? Optional.empty() : Optional.of(URI.create(mlflow));
  }
}

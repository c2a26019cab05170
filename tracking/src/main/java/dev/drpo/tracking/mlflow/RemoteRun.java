package dev.drpo.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.TaggedNumbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A run as a tracking server has it. */
final class RemoteRun {
  private static final Logger LOG = Logger.getLogger(RemoteRun.class);

  /** Most metrics, and most parameters or tags, of one call. */
  private static final int METRICS = 1000;

  private static final int SETTINGS = 100;

  /** Most characters of a parameter's value that every server takes. */
  private static final int LONGEST_VALUE = 500;

  private static final String ABSENT = "RESOURCE_DOES_NOT_EXIST";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowServer server;
  private final InstantSource clock;
  private final String id;
  private long lastStep;
  private long lastEvaluation;

  private RemoteRun(
      MlflowServer server, InstantSource clock, String id, long lastStep, long lastEvaluation) {
    this.server = server;
    this.clock = clock;
    this.id = id;
    this.lastStep = lastStep;
    this.lastEvaluation = lastEvaluation;
  }

  /**
   * Finds the run that an earlier process of this one has made, or makes one.
   *
   * @param note the file that says which one it was
   */
  static RemoteRun open(
      MlflowServer server, MlflowTracker.Settings settings, Path note, InstantSource clock)
      throws IOException, InterruptedException {
    Optional<JsonNode> earlier = earlier(server, settings, note);
    RemoteRun run;
    if (earlier.isPresent()) {
      run = of(server, clock, earlier.get());
      run.status("RUNNING", false);
    } else {
      run = create(server, settings, clock);
      Files.writeString(note, noted(settings).put("runId", run.id).toString());
    }
    run.describe(settings);
    return run;
  }

  private static ObjectNode noted(MlflowTracker.Settings settings) {
    return MlflowServer.object()
        .put("server", settings.server().toString())
        .put("experiment", settings.experiment());
  }

  private static Optional<JsonNode> earlier(
      MlflowServer server, MlflowTracker.Settings settings, Path note)
      throws IOException, InterruptedException {
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    JsonNode then = JSON.readTree(Files.readString(note));
    ObjectNode now = noted(settings);
    String id = then.path("runId").asText();
    if (id.isEmpty()
        || !then.path("server").equals(now.get("server"))
        || !then.path("experiment").equals(now.get("experiment"))) {
      return Optional.empty();
    }
    try {
      JsonNode run = server.get("runs/get", "run_id", id).path("run");
      return run.path("info").path("lifecycle_stage").asText().equals("deleted")
          ? Optional.empty()
          : Optional.of(run);
    } catch (MlflowException e) {
      if (e.is(ABSENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static RemoteRun create(
      MlflowServer server, MlflowTracker.Settings settings, InstantSource clock)
      throws IOException, InterruptedException {
    ObjectNode request =
        MlflowServer.object()
            .put("experiment_id", experiment(server, settings.experiment()))
            .put("run_name", settings.run())
            .put("start_time", clock.millis());
    return of(server, clock, server.post("runs/create", request).path("run"));
  }

  private static String experiment(MlflowServer server, String name)
      throws IOException, InterruptedException {
    try {
      return found(server, name);
    } catch (MlflowException e) {
      if (!e.is(ABSENT)) {
        throw e;
      }
    }
    try {
      return server
          .post("experiments/create", MlflowServer.object().put("name", name))
          .path("experiment_id")
          .asText();
    } catch (MlflowException e) {
      if (e.is("RESOURCE_ALREADY_EXISTS")) {
        // Another run has made it meanwhile.
        return found(server, name);
      }
      throw e;
    }
  }

  private static String found(MlflowServer server, String name)
      throws IOException, InterruptedException {
    return server
        .get("experiments/get-by-name", "experiment_name", name)
        .path("experiment")
        .path("experiment_id")
        .asText();
  }

  private static RemoteRun of(MlflowServer server, InstantSource clock, JsonNode run)
      throws IOException {
    String id = run.path("info").path("run_id").asText();
    if (id.isEmpty()) {
      throw new IOException("the server's answer names no run; is it MLflow?");
    }
    long lastStep = 0;
    long lastEvaluation = -1;
    for (JsonNode metric : run.path("data").path("metrics")) {
      // The newest value of each; 64-bit numbers may be text.
      long step = metric.path("step").asLong();
      if (metric.path("key").asText().startsWith("eval/")) {
        lastEvaluation = Math.max(lastEvaluation, step);
      } else {
        lastStep = Math.max(lastStep, step);
      }
    }
    return new RemoteRun(server, clock, id, lastStep, lastEvaluation);
  }

  /** The last step that the server has. */
  long lastStep() {
    return lastStep;
  }

  /** The policy step of the last evaluation that the server has; -1 for none. */
  long lastEvaluation() {
    return lastEvaluation;
  }

  /** Sends steps, in order; those that the server has are passed over. */
  void steps(List<StepMetrics> steps) throws IOException, InterruptedException {
    ArrayNode metrics = MlflowServer.object().arrayNode();
    long through = lastStep;
    for (StepMetrics step : steps) {
      if (step.step() <= lastStep) {
        continue;
      }
      List<ObjectNode> own = metrics(step.step(), TaggedNumbers.of(step));
      if (metrics.size() + own.size() > METRICS) {
        send("metrics", metrics);
        lastStep = through;
        metrics = MlflowServer.object().arrayNode();
      }
      metrics.addAll(own);
      through = step.step();
    }
    send("metrics", metrics);
    lastStep = through;
  }

  /** Sends an evaluation, unless the server has it. */
  void evaluation(PolicyEvaluation evaluation) throws IOException, InterruptedException {
    if (evaluation.step() > lastEvaluation) {
      ArrayNode metrics = MlflowServer.object().arrayNode();
      metrics.addAll(metrics(evaluation.step(), TaggedNumbers.of(evaluation.evaluation())));
      send("metrics", metrics);
      lastEvaluation = evaluation.step();
    }
  }

  private List<ObjectNode> metrics(long step, Map<String, Double> numbers) {
    List<ObjectNode> metrics = new ArrayList<>();
    numbers.forEach(
        (key, value) ->
            metrics.add(
                MlflowServer.object()
                    .put("key", key)
                    .put("value", value)
                    .put("timestamp", clock.millis())
                    .put("step", step)));
    return metrics;
  }

  /** Sends parameters and tags. */
  private void describe(MlflowTracker.Settings settings) throws IOException, InterruptedException {
    tags(settings.tags());
    try {
      each("params", settings.parameters());
    } catch (MlflowException e) {
      if (!e.is("INVALID_PARAMETER_VALUE")) {
        throw e;
      }
      LOG.warnf(
          "MLflow keeps the parameters that the run was begun with, since a parameter never"
              + " changes: %s",
          e.getMessage());
    }
  }

  void tags(Map<String, String> tags) throws IOException, InterruptedException {
    each("tags", tags);
  }

  private void each(String kind, Map<String, String> pairs)
      throws IOException, InterruptedException {
    ArrayNode batch = MlflowServer.object().arrayNode();
    for (Iterator<Map.Entry<String, String>> all = pairs.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, String> pair = all.next();
      String value = pair.getValue();
      batch.add(
          MlflowServer.object()
              .put("key", pair.getKey())
              .put("value", value.substring(0, Math.min(value.length(), LONGEST_VALUE))));
      if (batch.size() == SETTINGS || !all.hasNext()) {
        send(kind, batch);
        batch = MlflowServer.object().arrayNode();
      }
    }
  }

  private void send(String kind, ArrayNode batch) throws IOException, InterruptedException {
    if (!batch.isEmpty()) {
      ObjectNode request = MlflowServer.object().put("run_id", id);
      request.set(kind, batch);
      server.post("runs/log-batch", request);
    }
  }

  /** Says how the run stands. */
  void status(String status, boolean ended) throws IOException, InterruptedException {
    ObjectNode request = MlflowServer.object().put("run_id", id).put("status", status);
    if (ended) {
      request.put("end_time", clock.millis());
    }
    server.post("runs/update", request);
  }
}

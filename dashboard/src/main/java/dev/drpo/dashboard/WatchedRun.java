package dev.drpo.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.reports.ReportJson;
import dev.drpo.reports.samples.SampleFiles;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run that the page shows: its folder, and its learner where that is at hand. Everything is read
 * when it is asked for, so that a run nobody looks at costs nothing. Safe for use by many threads.
 */
public final class WatchedRun {
  /** Points of a line; a screen has fewer. */
  private static final Thinning THINNING = new Thinning(4000);

  private final String name;
  private final Path folder;
  private final Supplier<Optional<LiveState>> live;
  private final Optional<RunConfiguration> configuration;
  private final MetricsTable metrics;
  private final SampleReader samples;

  private WatchedRun(
      String name,
      Path folder,
      Supplier<Optional<LiveState>> live,
      Optional<RunConfiguration> configuration) {
    this.name = name;
    this.folder = folder;
    this.live = live;
    this.configuration = configuration;
    this.metrics = new MetricsTable(folder.resolve("metrics.jsonl"));
    this.samples = new SampleReader(SampleFiles.ofRun(folder));
  }

  /** A run of which only the folder is known, running or ended. */
  public static WatchedRun in(String name, Path folder) {
    return new WatchedRun(name, folder, Optional::empty, RunConfiguration.in(folder));
  }

  /**
   * A learner's own run.
   *
   * @param live asked every few seconds while somebody looks
   */
  public static WatchedRun of(RunConfig config, Supplier<LiveState> live) {
    return new WatchedRun(
        config.run().id(),
        config.run().directory(),
        () -> Optional.of(live.get()),
        Optional.of(RunConfiguration.of(config)));
  }

  /** Its name, and what of its configuration heads the page. */
  ObjectNode label() {
    ObjectNode json = ReportJson.MAPPER.createObjectNode().put("name", name);
    configuration.ifPresent(
        config ->
            json.put("objective", config.value("objective.name"))
                .put("delta", config.value("objective.delta"))
                .put("stepsTotal", Long.parseLong(config.value("training.steps"))));
    return json;
  }

  /** Its configuration; null where none is known. */
  JsonNode configuration() {
    return ReportJson.MAPPER.valueToTree(configuration.orElse(null));
  }

  /**
   * Steps for a reader, which then has so many rows of a generation.
   *
   * @param json the rows that are new to it
   */
  record Steps(int generation, int rows, String json) {}

  /**
   * Its steps from one row on, by column: all that is drawn of it.
   *
   * @param from rows that the reader has
   * @param generation of those rows
   * @return nothing if the reader has all; rows from the first on, if its rows are others
   */
  Optional<Steps> steps(int from, int generation) throws IOException {
    return metrics.read(
        (columns, now) -> {
          int begin = now == generation ? Math.min(from, columns.rows()) : 0;
          if (now == generation && begin == columns.rows()) {
            return Optional.<Steps>empty();
          }
          List<String> names = columns.names().stream().filter(of -> of.matches("\\w+")).toList();
          String json =
              "{\"generation\":%d,\"from\":%d,\"rows\":%d,\"columns\":%s,\"last\":%s}"
                  .formatted(
                      now,
                      begin,
                      columns.rows(),
                      ColumnsJson.of(columns, names, begin, THINNING),
                      columns.rows() == 0
                          ? "{}"
                          : Json.text(ColumnsJson.row(columns, columns.rows() - 1)));
          return Optional.of(new Steps(now, columns.rows(), json));
        });
  }

  /** What the file says of a step; empty if it has none. */
  Optional<JsonNode> step(long step) throws IOException {
    byte[] line = metrics.line(step);
    try {
      return line.length == 0 ? Optional.empty() : Optional.of(ReportJson.MAPPER.readTree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Its evaluations, in the order of steps. A line that can't be read is passed over. */
  ArrayNode evaluations() throws IOException {
    ArrayNode all = ReportJson.MAPPER.createArrayNode();
    Path file = folder.resolve("evaluations.jsonl");
    if (!Files.exists(file)) {
      return all;
    }
    for (String line : Files.readAllLines(file)) {
      try {
        JsonNode one = ReportJson.MAPPER.readTree(line);
        if (one.path("step").isNumber() && one.path("evaluation").isObject()) {
          all.add(one);
        }
      } catch (JsonProcessingException e) {
        // The file is replaced as a whole, so that this is nobody's half-written line.
      }
    }
    return all;
  }

  SampleReader samples() {
    return samples;
  }

  /** What its learner says; else what its files do. */
  JsonNode state() {
    Optional<LiveState> said = live.get();
    ObjectNode json =
        said.isPresent()
            ? ReportJson.MAPPER.<ObjectNode>valueToTree(said.get()).put("live", true)
            : ReportJson.MAPPER.createObjectNode().put("live", false).put("state", stateOfFiles());
    long written = folder.resolve("metrics.jsonl").toFile().lastModified();
    return written == 0 ? json : json.put("lastStepMillis", written);
  }

  private String stateOfFiles() {
    return Files.exists(folder.resolve("report.json")) ? "completed" : "not completed";
  }
}

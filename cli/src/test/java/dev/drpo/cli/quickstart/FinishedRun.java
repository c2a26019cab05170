package dev.drpo.cli.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a run has left in its folder. */
public record FinishedRun(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The broker's logger for slow events, which tells of a busy machine and of nothing else. */
  private static final String SLOW_EVENTS = "EventPerformanceMonitor";

  /** {@code report.json}. */
  public JsonNode report() throws IOException {
    return JSON.readTree(folder.resolve("report.json").toFile());
  }

  /** A counter of {@code report.json}, such as {@code trained}. */
  public long groups(String counter) throws IOException {
    return report().at("/groups/" + counter).asLong(-1);
  }

  List<JsonNode> metrics() throws IOException {
    List<JsonNode> metrics = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      metrics.add(JSON.readTree(line));
    }
    return metrics;
  }

  /** The steps that the metrics speak of, in the order of the file. */
  public List<Long> steps() throws IOException {
    return metrics().stream().map(step -> step.path("step").asLong(-1)).toList();
  }

  /** Lines at the level of an error in any process's log. */
  public List<String> loggedErrors() throws IOException {
    List<String> errors = new ArrayList<>();
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      for (Path log : logs.toList()) {
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" ERROR ") && !line.contains(SLOW_EVENTS))
            .forEach(line -> errors.add(log.getFileName() + ": " + line));
      }
    }
    return errors;
  }
}

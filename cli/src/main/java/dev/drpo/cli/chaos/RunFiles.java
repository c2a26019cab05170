package dev.drpo.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a finished run has left in its folder, as far as an audit asks for it.
 *
 * @param policyDigest of the last version that it published
 * @param trained groups that the learner counted as trained
 * @param steps of its metrics, in the order of the file
 * @param wallSeconds of all its learner processes together
 */
record RunFiles(String policyDigest, long trained, List<Step> steps, double wallSeconds) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A step that was taken.
   *
   * @param number from 1
   * @param groupsDigest of what it learned from
   */
  record Step(long number, String groupsDigest) {}

  RunFiles {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a folder.
   *
   * @throws IOException if the run in it is not finished
   */
  static RunFiles in(Path folder) throws IOException {
    JsonNode report = JSON.readTree(folder.resolve("report.json").toFile());
    List<Step> steps = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("metrics.jsonl"))) {
      JsonNode step = JSON.readTree(line);
      steps.add(new Step(step.path("step").asLong(-1), step.path("groupsDigest").asText("")));
    }
    return new RunFiles(
        report.path("policyDigest").asText(""),
        report.at("/groups/trained").asLong(-1),
        steps,
        report.path("wallSeconds").asDouble(0));
  }

  /** Whether a finished run lies in a folder. */
  static boolean isFinished(Path folder) {
    return Files.isRegularFile(folder.resolve("report.json"));
  }

  /** Versions of which no replica's log says that their patch was damaged. */
  static List<Evidence.Version> unnoticed(Path folder, List<Evidence.Version> damaged)
      throws IOException {
    if (damaged.isEmpty()) {
      return List.of();
    }
    List<String> lines = replicaLines(folder, "wrong checksum");
    return damaged.stream()
        .filter(
            version ->
                lines.stream().noneMatch(line -> line.contains("weights " + version.step() + " (")))
        .toList();
  }

  /** Lines of all replicas' logs in which a word occurs. */
  private static List<String> replicaLines(Path folder, String word) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      for (Path log :
          logs.filter(path -> path.getFileName().toString().startsWith("rollout-")).toList()) {
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains(word))
            .forEach(lines::add);
      }
    }
    return lines;
  }
}

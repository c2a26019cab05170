package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.evaluation.EfficiencyScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An earlier evaluation of the same problems by the same verifier, which others are measured
 * against.
 *
 * @param sets by name
 */
record Baseline(Manifest manifest, Map<String, Figures> sets) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * What it found.
   *
   * @param length mean in tokens
   */
  record Figures(double accuracy, double length) {}

  /**
   * Reads a folder's.
   *
   * @param mine manifest of what is measured against it
   * @param names the sets that it must have
   * @throws UsageError if it is not complete, or not comparable
   */
  static Baseline read(Path folder, Manifest mine, List<String> names) {
    Manifest theirs = Manifest.read("--baseline", folder);
    refuse(folder, "was judged otherwise", mine.difference(theirs, "verifier"));
    Map<String, Figures> figures = new TreeMap<>();
    for (String name : names) {
      refuse(folder, "has other data", mine.difference(theirs, "sets." + name));
    }
    for (JsonNode set : results(folder).path("sets")) {
      figures.put(
          set.path("name").asText(),
          new Figures(set.path("accuracy").asDouble(), set.path("meanLength").asDouble()));
    }
    for (String name : names) {
      if (!figures.containsKey(name)) {
        throw new UsageError(
            "--baseline is %s, whose %s lacks the set %s; evaluate it anew"
                .formatted(folder, ReportFiles.RESULTS, name));
      }
    }
    return new Baseline(theirs, figures);
  }

  private static void refuse(Path folder, String what, Optional<String> difference) {
    if (difference.isPresent()) {
      throw new UsageError(
          "--baseline is %s, which %s: %s; evaluate the baseline anew with this program and these files"
              .formatted(folder, what, difference.get()));
    }
  }

  private static JsonNode results(Path folder) {
    Path file = folder.resolve(ReportFiles.RESULTS);
    try {
      return MAPPER.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UsageError(
          "--baseline is %s, whose %s can't be read; let its evaluation come to an end first"
              .formatted(folder, ReportFiles.RESULTS));
    }
  }

  /** AES of a policy on a set. */
  double efficiency(String set, double accuracy, double length) {
    Figures base = sets.get(set);
    return EfficiencyScore.of(accuracy, length, base.accuracy(), base.length());
  }

  /** Mean accuracy over some of the sets. */
  double accuracy(List<String> names) {
    return names.stream().mapToDouble(name -> sets.get(name).accuracy()).average().orElseThrow();
  }

  /** Mean length over some of the sets. */
  double length(List<String> names) {
    return names.stream().mapToDouble(name -> sets.get(name).length()).average().orElseThrow();
  }
}

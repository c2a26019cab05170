package dev.drpo.cli.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.inspection.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Statistics of a file, for a person and for programs.
 *
 * @param unit of the lengths
 */
record StatsReport(ProblemFile file, Statistics statistics, String unit) {
  /** Keys with more values, such as addresses, are told by their number alone. */
  private static final int MOST_VALUES = 20;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%s  (sha256 %s)".formatted(file.path(), file.sha256()));
    lines.add("problems  %,d".formatted(statistics.problems()));
    lines.add(
        "golds     "
            + statistics.golds().entrySet().stream()
                .map(entry -> "%d for %,d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ")));
    lines.add(
        "prompts   mean %.1f, %s %s"
            .formatted(
                statistics.promptLengths().mean(),
                statistics.promptLengths().values().entrySet().stream()
                    .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", ")),
                unit));
    lines.add("answers   " + counts(statistics.kinds(), kind -> kind.id()));
    statistics
        .metadata()
        .forEach(
            (key, values) ->
                lines.add(
                    "%-9s %s"
                        .formatted(
                            key,
                            values.size() <= MOST_VALUES
                                ? counts(values, value -> value)
                                : "%,d values".formatted(values.size()))));
    return lines;
  }

  private static <K> String counts(Map<K, Integer> counts, Function<K, String> name) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.<K, Integer>comparingByValue(Comparator.reverseOrder()))
        .map(entry -> "%s %,d".formatted(name.apply(entry.getKey()), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  String json() throws JsonProcessingException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("file", file.path().toString())
        .put("sha256", file.sha256())
        .put("problems", statistics.problems());
    ObjectNode golds = json.putObject("golds");
    statistics.golds().forEach((number, count) -> golds.put(Integer.toString(number), count));
    ObjectNode lengths = json.putObject("promptLengths");
    lengths.put("unit", unit).put("mean", statistics.promptLengths().mean());
    statistics.promptLengths().values().forEach(lengths::put);
    ObjectNode kinds = json.putObject("answers");
    statistics.kinds().forEach((kind, count) -> kinds.put(kind.id(), count));
    ObjectNode metadata = json.putObject("metadata");
    for (Map.Entry<String, SortedMap<String, Integer>> entry : statistics.metadata().entrySet()) {
      ObjectNode values = metadata.putObject(entry.getKey());
      if (entry.getValue().size() <= MOST_VALUES) {
        entry.getValue().forEach(values::put);
      } else {
        metadata.put(entry.getKey(), entry.getValue().size());
      }
    }
    return mapper.writeValueAsString(json);
  }
}

package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.evaluation.LengthSummary;
import dev.drpo.evaluation.SetEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what an evaluation found, as JSON and as CSV. Nothing in them depends on the time or the
 * place. What does not exist, such as the mean length of wrong responses where all are right, is
 * null in JSON and empty in CSV.
 */
final class ReportFiles {
  static final String RESULTS = "results.json";
  static final String TABLE = "results.csv";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportFiles() {}

  /** Writes both files into a folder, each whole or not at all. */
  static void write(Path folder, Report report) throws IOException {
    replace(
        folder.resolve(RESULTS),
        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json(report)) + "\n");
    replace(folder.resolve(TABLE), csv(report));
  }

  /** Writes a file so that a reader sees the old one or the new one whole. */
  static void replace(Path file, String text) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(aside, text);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static ObjectNode json(Report report) {
    ObjectNode json = MAPPER.createObjectNode();
    json.set("verifier", report.manifest().json().get("verifier"));
    json.put("configuration", report.manifest().digest());
    report
        .baseline()
        .ifPresent(
            base -> json.putObject("baseline").put("configuration", base.manifest().digest()));
    ArrayNode sets = json.putArray("sets");
    for (Report.Entry entry : report.sets()) {
      set(sets.addObject(), entry);
    }
    ObjectNode average = json.putObject("average");
    number(average, "accuracy", report.accuracy());
    number(average, "meanLength", report.length());
    number(average, "aes", report.efficiency());
    return json;
  }

  private static void set(ObjectNode json, Report.Entry entry) {
    SetEvaluation found = entry.found();
    json.put("name", entry.name());
    json.put("problems", found.problems()).put("samples", found.samples());
    number(json, "accuracy", found.accuracy().mean());
    number(json, "accuracyStandardError", found.accuracy().standardError());
    ArrayNode interval = json.putArray("accuracyInterval");
    interval.add(found.accuracy().interval().low()).add(found.accuracy().interval().high());
    ObjectNode pass = json.putObject("passAtK");
    found.passAtK().forEach((k, value) -> pass.put(k.toString(), value));
    ObjectNode majority = json.putObject("majAtK");
    found.majAtK().forEach((k, value) -> majority.put(k.toString(), value));
    number(json, "meanLength", found.length().mean());
    number(json, "meanLengthStandardError", found.length().standardError());
    ObjectNode lengths = json.putObject("lengths");
    lengths(lengths.putObject("all"), found.all());
    lengths(lengths.putObject("right"), found.right());
    lengths(lengths.putObject("wrong"), found.wrong());
    lengths(lengths.putObject("ended"), found.ended());
    json.put("truncated", found.truncated());
    json.put("formatFailures", found.formatFailures());
    json.put("endedWithoutAnswer", found.endedWithoutAnswer());
    ObjectNode outcomes = json.putObject("verdicts");
    found.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name(), count));
    ObjectNode rules = json.putObject("rules");
    found.rules().forEach(rules::put);
    number(json, "aes", entry.efficiency());
  }

  private static void lengths(ObjectNode json, LengthSummary lengths) {
    json.put("count", lengths.count());
    number(json, "mean", lengths.mean());
    lengths.quantiles().forEach((percent, value) -> json.put("p" + percent, value));
  }

  private static void number(ObjectNode json, String key, double value) {
    if (Double.isNaN(value)) {
      json.putNull(key);
    } else {
      json.put(key, value);
    }
  }

  private static String csv(Report report) {
    List<String> lines = new ArrayList<>();
    for (Report.Entry entry : report.sets()) {
      Map<String, String> row = row(entry);
      if (lines.isEmpty()) {
        lines.add(String.join(",", row.keySet()));
      }
      lines.add(String.join(",", row.values()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static Map<String, String> row(Report.Entry entry) {
    SetEvaluation found = entry.found();
    Map<String, String> row = new LinkedHashMap<>();
    row.put("set", quoted(entry.name()));
    row.put("problems", Integer.toString(found.problems()));
    row.put("samples", Integer.toString(found.samples()));
    row.put("accuracy", text(found.accuracy().mean()));
    row.put("accuracy_standard_error", text(found.accuracy().standardError()));
    row.put("accuracy_low", text(found.accuracy().interval().low()));
    row.put("accuracy_high", text(found.accuracy().interval().high()));
    found.passAtK().forEach((k, value) -> row.put("pass_at_" + k, text(value)));
    found.majAtK().forEach((k, value) -> row.put("maj_at_" + k, text(value)));
    row.put("mean_length", text(found.length().mean()));
    row.put("mean_length_standard_error", text(found.length().standardError()));
    row.put("mean_length_right", text(found.right().mean()));
    row.put("mean_length_wrong", text(found.wrong().mean()));
    row.put("mean_length_ended", text(found.ended().mean()));
    found.all().quantiles().forEach((percent, value) -> row.put("length_p" + percent, text(value)));
    row.put("truncated", Integer.toString(found.truncated()));
    row.put("format_failures", Integer.toString(found.formatFailures()));
    row.put("ended_without_answer", Integer.toString(found.endedWithoutAnswer()));
    row.put("aes", text(entry.efficiency()));
    return row;
  }

  private static String quoted(String name) {
    return name.matches("[\\w .+-]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}

package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.DataException;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemFile;
import dev.drpo.problems.curation.Curation;
import dev.drpo.problems.curation.LeftOut;
import dev.drpo.problems.curation.LeftOut.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A file of another project, whose rows become problems.
 *
 * @param name what its problems' ids begin with, where the source has no ids of its own
 * @param file where it lies
 * @param rows in the order of the file
 * @param fields which of their fields mean what
 * @param set metadata {@code set} of every problem, if it gets one
 */
public record Source(
    String name, Path file, List<ObjectNode> rows, Fields fields, Optional<String> set) {
  private static final Pattern DIGITS = Pattern.compile("\\d+");
  private static final String METADATA = "metadata.";
  private static final String SET = "set";

  public Source {
    rows = List.copyOf(rows);
  }

  /**
   * Reads a file.
   *
   * @throws DataException if it can't be read, or lacks a field
   */
  public static Source read(String name, Path file, Fields.Named named, Optional<String> set) {
    List<ObjectNode> rows = SourceFormat.rows(file);
    return new Source(name, file, rows, Fields.find(file, rows, named), set);
  }

  /** A name for a file: its own, without its ending. */
  public static String nameOf(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /**
   * Adds the rows as problems; rows without problem or answer are left out.
   *
   * @param numbered whether ids count the rows even where the source has its own
   * @throws DataException if a row can't be one
   */
  public void addTo(Curation curation, Prompts prompts, boolean numbered) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      ObjectNode row = rows.get(i);
      String place = "row %,d of %s".formatted(i + 1, file);
      String id = id(row, i, numbered);
      List<ChatMessage> messages = messages(row, place, prompts);
      List<String> golds = golds(row, place);
      if (messages.isEmpty()) {
        curation.leaveOut(new LeftOut(id, Reason.EMPTY_PROBLEM, place));
      } else if (golds.isEmpty()) {
        curation.leaveOut(new LeftOut(id, Reason.EMPTY_GOLD, place));
      } else if (golds.size() > ProblemFile.MOST_GOLDS) {
        curation.leaveOut(
            new LeftOut(id, Reason.TOO_MANY_GOLDS, "%s has %,d".formatted(place, golds.size())));
      } else {
        problems.add(new Problem(id, messages, golds, metadata(row)));
      }
    }
    curation.add(problems);
  }

  /** A number alone would be the id of a problem in many a set. */
  private String id(ObjectNode row, int index, boolean numbered) {
    String own =
        fields.id().filter(_ -> !numbered).map(field -> plain(RowPaths.at(row, field))).orElse("");
    if (own.isBlank()) {
      return name + "-" + index;
    }
    return DIGITS.matcher(own).matches() ? name + "-" + own : own;
  }

  private List<ChatMessage> messages(ObjectNode row, String place, Prompts prompts) {
    JsonNode problem = RowPaths.at(row, fields.problem());
    if (!RowPaths.isValue(problem) || (problem.isTextual() && problem.asText().isBlank())) {
      return List.of();
    }
    if (problem.isTextual()) {
      return prompts.ofProblem(problem.asText());
    }
    if (!problem.isArray()) {
      throw new DataException(
          "%s, field %s is %s; a problem is a text or a list of {role, content}"
              .formatted(place, fields.problem(), problem));
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : problem) {
      if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
        throw new DataException(
            "%s, field %s: every message needs a role and a content that are texts"
                .formatted(place, fields.problem()));
      }
      if (!message.get("content").asText().isBlank()) {
        messages.add(
            new ChatMessage(message.get("role").asText(), message.get("content").asText()));
      }
    }
    return messages.isEmpty() ? messages : prompts.ofConversation(messages);
  }

  private List<String> golds(ObjectNode row, String place) {
    for (String field : fields.answers()) {
      JsonNode answer = RowPaths.at(row, field);
      if (RowPaths.isValue(answer)) {
        return Answers.golds(answer, fields.answersAreSolutions(), place + ", field " + field);
      }
    }
    return List.of();
  }

  private Map<String, String> metadata(ObjectNode row) {
    Map<String, String> metadata = new TreeMap<>();
    for (String field : fields.metadata()) {
      String value = plain(RowPaths.at(row, field));
      if (!value.isBlank()) {
        String key = field.startsWith(METADATA) ? field.substring(METADATA.length()) : field;
        metadata.put(key, value);
      }
    }
    set.ifPresent(name -> metadata.put(SET, name));
    return metadata;
  }

  private static String plain(JsonNode value) {
    if (!RowPaths.isValue(value)) {
      return "";
    }
    return value.isNumber()
        ? Answers.number(value)
        : value.isValueNode() ? value.asText() : value.toString();
  }
}

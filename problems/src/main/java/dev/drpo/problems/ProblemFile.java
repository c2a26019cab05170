package dev.drpo.problems;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.runtime.json.JsonDefect;
import dev.drpo.runtime.json.StrictJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A JSON-lines file of problems: {@code {"id", "messages": [{"role", "content"}], "gold",
 * "metadata"}}. A problem with several right answers has {@code "golds": [...]} in the place of
 * {@code "gold"}; a response is right if it equals any of them.
 *
 * @param path where it lies
 * @param sha256 hash of its bytes
 * @param problems in file order
 */
public record ProblemFile(Path path, String sha256, List<Problem> problems) {
  private static final StrictJson JSON = new StrictJson();

  private static final Set<String> KEYS = Set.of("id", "messages", "gold", "golds", "metadata");

  /** As many as a call of the reward service may have, where a remote one judges the run. */
  public static final int MOST_GOLDS = 64;

  /**
   * Reads a whole file.
   *
   * @throws DataException if it is missing, empty or has a malformed line; the message names file
   *     and line
   */
  public static ProblemFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException(
          path
              + " does not exist; give a JSON-lines file of problems (id, messages, gold or golds, metadata)");
    }
    try {
      byte[] bytes = Files.readAllBytes(path);
      List<String> lines = lines(path, bytes);
      List<Problem> problems = new ArrayList<>(lines.size());
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          Problem problem = parse(path, i + 1, lines.get(i));
          if (!ids.add(problem.id())) {
            throw malformed(path, i + 1, "the id '" + problem.id() + "' stands in an earlier line");
          }
          problems.add(problem);
        }
      }
      if (problems.isEmpty()) {
        throw new DataException(path + " holds no problem; every line must be one JSON object");
      }
      return new ProblemFile(path, Sha256.of(bytes), List.copyOf(problems));
    } catch (IOException e) {
      throw new DataException(path + " can't be read: " + e.getMessage());
    }
  }

  /** What the data set is called: the name of the folder that the file lies in. */
  public String name() {
    Path folder = path.toAbsolutePath().normalize().getParent();
    return folder == null || folder.getFileName() == null
        ? path.getFileName().toString()
        : folder.getFileName().toString();
  }

  /** Lines are decoded one by one, so that bytes that are not UTF-8 are told with their line. */
  private static List<String> lines(Path path, byte[] bytes) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = 0; end <= bytes.length; end++) {
      if (end == bytes.length || bytes[end] == '\n') {
        try {
          ByteBuffer line = ByteBuffer.wrap(bytes, start, end - start);
          lines.add(StrictJson.text(line));
        } catch (JsonDefect notUtf8) {
          throw malformed(path, lines.size() + 1, "it is not UTF-8 text; convert the file");
        }
        start = end + 1;
      }
    }
    return lines;
  }

  private static Problem parse(Path path, int line, String text) {
    JsonNode json;
    try {
      json = JSON.object(text);
    } catch (JsonDefect defect) {
      throw malformed(
          path,
          line,
          defect.kind() == JsonDefect.Kind.NOT_AN_OBJECT
              ? "it must be a JSON object"
              : "it is not JSON: " + defect.getMessage());
    }
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw malformed(
                    path, line, "unknown key '" + key + "'; put extra fields below metadata");
              }
            });
    String id = text(path, line, json, "id");
    List<String> golds = golds(path, line, json);
    if (!json.path("messages").isArray() || json.path("messages").isEmpty()) {
      throw malformed(path, line, "messages must be a list with at least one {role, content}");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode message : json.path("messages")) {
      messages.add(
          new ChatMessage(text(path, line, message, "role"), text(path, line, message, "content")));
    }
    if (json.has("metadata") && !json.path("metadata").isObject()) {
      throw malformed(path, line, "metadata must be a JSON object");
    }
    Map<String, String> metadata = new TreeMap<>();
    json.path("metadata")
        .properties()
        .forEach(entry -> metadata.put(entry.getKey(), plain(entry.getValue())));
    return new Problem(id, messages, golds, metadata);
  }

  private static List<String> golds(Path path, int line, JsonNode json) {
    if (json.has("gold") && json.has("golds")) {
      throw malformed(path, line, "it has gold and golds; give one of them");
    }
    if (!json.has("golds")) {
      return List.of(text(path, line, json, "gold"));
    }
    JsonNode list = json.path("golds");
    if (!list.isArray() || list.isEmpty() || list.size() > MOST_GOLDS) {
      throw malformed(
          path, line, "golds must be a list of 1 to " + MOST_GOLDS + " non-empty strings");
    }
    List<String> golds = new ArrayList<>();
    for (JsonNode gold : list) {
      golds.add(text(path, line, "every one of golds", gold));
    }
    return golds;
  }

  /** Strings and numbers as they are, lists and objects as JSON. */
  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static String text(Path path, int line, JsonNode json, String key) {
    return text(path, line, key, json.path(key));
  }

  private static String text(Path path, int line, String what, JsonNode value) {
    if (!value.isTextual() || value.asText().isBlank()) {
      throw malformed(path, line, what + " must be a non-empty string");
    }
    return value.asText();
  }

  private static DataException malformed(Path path, int line, String what) {
    return new DataException(path + ", line " + line + ": " + what);
  }
}

package dev.drpo.problems;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeMap;

/** Writes problems as {@link ProblemFile} reads them: the same problems give the same bytes. */
public final class ProblemWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ProblemWriter() {}

  /**
   * Writes a whole file, which replaces an earlier one only when it is complete.
   *
   * @return the SHA-256 of its bytes
   * @throws IOException if it can't be written; what was there stays
   */
  public static String write(Path file, List<Problem> problems) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Problem problem : problems) {
      lines.append(line(problem)).append('\n');
    }
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path unfinished = Files.createTempFile(folder, file.getFileName().toString(), ".part");
    try {
      Files.write(unfinished, bytes);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    return Sha256.of(bytes);
  }

  /** A problem as one line, without its end. */
  public static String line(Problem problem) {
    ObjectNode json = JSON.createObjectNode().put("id", problem.id());
    ArrayNode messages = json.putArray("messages");
    problem
        .messages()
        .forEach(
            message ->
                messages.addObject().put("role", message.role()).put("content", message.content()));
    if (problem.golds().size() == 1) {
      json.put("gold", problem.golds().getFirst());
    } else {
      problem.golds().forEach(json.putArray("golds")::add);
    }
    if (!problem.metadata().isEmpty()) {
      ObjectNode metadata = json.putObject("metadata");
      new TreeMap<>(problem.metadata()).forEach(metadata::put);
    }
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }
}

package dev.drpo.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.text.ChatMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemWriterTest {
  private static final List<Problem> PROBLEMS =
      List.of(
          new Problem(
              "a",
              List.of(new ChatMessage("system", "Be \"brief\"."), new ChatMessage("user", "½?\n")),
              List.of("\\frac12"),
              Map.of("level", "2", "art", "é")),
          new Problem("b", List.of(new ChatMessage("user", "q")), List.of("1", "-1"), Map.of()));

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAsTheSame() throws IOException {
    Path file = folder.resolve("new/problems.jsonl");

    String digest = ProblemWriter.write(file, PROBLEMS);

    ProblemFile read = ProblemFile.read(file);
    assertThat(read.problems()).isEqualTo(PROBLEMS);
    assertThat(read.sha256()).isEqualTo(digest);
  }

  @Test
  void oneGoldAndSeveralHaveKeysOfTheirOwn() {
    assertThat(ProblemWriter.line(PROBLEMS.get(0)))
        .isEqualTo(
            "{\"id\":\"a\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
                + "{\"role\":\"user\",\"content\":\"½?\\n\"}],\"gold\":\"\\\\frac12\","
                + "\"metadata\":{\"art\":\"é\",\"level\":\"2\"}}");
    assertThat(ProblemWriter.line(PROBLEMS.get(1)))
        .isEqualTo(
            "{\"id\":\"b\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],"
                + "\"golds\":[\"1\",\"-1\"]}");
  }

  @Test
  void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("taken/inside")).getParent();

    assertThatThrownBy(() -> ProblemWriter.write(taken, PROBLEMS)).isInstanceOf(IOException.class);

    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(taken);
    }
  }
}

package dev.drpo.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.text.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemFileTest {
  private static final String GOOD =
      "{\"id\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"1 + 1 ?\"}],\"gold\":\"2\"}";

  @TempDir Path folder;

  @Test
  void linesBecomeProblemsInFileOrder() throws IOException {
    ProblemFile file =
        ProblemFile.read(
            write(
                GOOD,
                "",
                """
                {"id":"b","messages":[{"role":"system","content":"s"},{"role":"user","content":"é"}],\
                "gold":"x","metadata":{"level":3,"source":"made up","tags":["p","q"]}}"""));
    assertThat(file.problems())
        .containsExactly(
            new Problem("a", List.of(new ChatMessage("user", "1 + 1 ?")), List.of("2"), Map.of()),
            new Problem(
                "b",
                List.of(new ChatMessage("system", "s"), new ChatMessage("user", "é")),
                List.of("x"),
                Map.of("level", "3", "source", "made up", "tags", "[\"p\",\"q\"]")));
    assertThat(file.name()).isEqualTo(folder.getFileName().toString());
  }

  @Test
  void aProblemMayHaveSeveralGolds() throws IOException {
    ProblemFile file =
        ProblemFile.read(write(GOOD.replace("\"gold\":\"2\"", "\"golds\":[\"2\",\"two\"]")));
    assertThat(file.problems()).extracting(Problem::golds).containsExactly(List.of("2", "two"));
  }

  @Test
  void theHashIsThatOfTheBytes() throws IOException {
    // printf '%s\n' '<the line>' | sha256sum
    assertThat(ProblemFile.read(write(GOOD)).sha256())
        .isEqualTo("5a52faf30fd71954988a1c18ee3b7faa101cc787428c85e4d263dd9a49acbab1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"id":"b"                                                              | it is not JSON
          {"id":"b"} {"id":"c"}                                                  | it is not JSON
          {"id":"b","id":"c"}                                                    | it is not JSON
          [1]                                                                    | it must be a JSON object
          {"messages":[{"role":"user","content":"q"}],"gold":"1"}                | id must be a non-empty string
          {"id":7,"messages":[{"role":"user","content":"q"}],"gold":"1"}         | id must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}]}                  | gold must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"gold":" "}       | gold must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"gold":["1"]}     | gold must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"golds":"1"}      | golds must be a list of 1 to 64
          {"id":"b","messages":[{"role":"user","content":"q"}],"golds":[]}       | golds must be a list of 1 to 64
          {"id":"b","messages":[{"role":"user","content":"q"}],"golds":["1"," "]} | every one of golds must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"golds":["1",2]}  | every one of golds must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"gold":"1","golds":["1"]} | it has gold and golds
          {"id":"b","gold":"1"}                                                  | messages must be a list
          {"id":"b","messages":[],"gold":"1"}                                    | messages must be a list
          {"id":"b","messages":{"role":"user","content":"q"},"gold":"1"}         | messages must be a list
          {"id":"b","messages":["q"],"gold":"1"}                                 | role must be a non-empty string
          {"id":"b","messages":[{"role":"user"}],"gold":"1"}                     | content must be a non-empty string
          {"id":"b","messages":[{"role":"user","content":"q"}],"gold":"1","metadata":"m"} | metadata must be a JSON object
          {"id":"b","messages":[{"role":"user","content":"q"}],"gold":"1","answer":"1"} | unknown key 'answer'
          {"id":"a","messages":[{"role":"user","content":"q"}],"gold":"1"}       | the id 'a' stands in an earlier line
          """)
  void aMalformedLineIsToldWithFileLineAndDefect(String line, String defect) throws IOException {
    Path file = write(GOOD, "", line);
    assertThatThrownBy(() -> ProblemFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ", line 3: ")
        .hasMessageContaining(defect);
  }

  @Test
  void bytesThatAreNotTextAreToldWithTheirLine() throws IOException {
    Path file = folder.resolve("latin.jsonl");
    Files.write(file, (GOOD + "\n" + GOOD.replace("+", "é")).getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ProblemFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ", line 2: it is not UTF-8 text; convert the file");
  }

  @Test
  void aMissingFileIsNamedWithWhatToGive() {
    Path file = folder.resolve("absent.jsonl");
    assertThatThrownBy(() -> ProblemFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " does not exist; give a JSON-lines file");
  }

  @Test
  void aFileWithoutProblemsIsRefused() throws IOException {
    Path file = write("", "  ");
    assertThatThrownBy(() -> ProblemFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " holds no problem");
  }

  private Path write(String... lines) throws IOException {
    return Files.writeString(folder.resolve("problems.jsonl"), String.join("\n", lines) + "\n");
  }
}

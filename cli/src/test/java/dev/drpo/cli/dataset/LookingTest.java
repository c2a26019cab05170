package dev.drpo.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code show}, {@code stats} and {@code validate}. */
class LookingTest {
  @TempDir Path folder;
  private final Dataset dataset = new Dataset();
  private Path file;

  @BeforeEach
  void writeProblems() throws IOException {
    file =
        Files.writeString(
            folder.resolve("problems.jsonl"),
            """
            {"id":"a","messages":[{"role":"user","content":"9 a + 4 b ?"}],"gold":"13","metadata":{"level":1}}
            {"id":"b","messages":[{"role":"user","content":"1 a + 2 b + 3 c ?"}],"golds":["6","12/2"],"metadata":{"level":2}}
            """);
  }

  @Test
  void problemsAreShownByIdAndByNumberWithTheirPrompts() {
    assertThat(dataset.run("show", file, "b", "1", "--model", policy())).isEqualTo(ExitCode.OK);

    assertThat(dataset.out())
        .containsSubsequence(
            "id        b",
            "gold      6  (integer)",
            "gold      12/2  (fraction)",
            "metadata  level: 2",
            "--- user",
            "1 a + 2 b + 3 c ?",
            "--- prompt, 9 tokens",
            "id        a",
            "gold      13  (integer)");
  }

  @Test
  void theFirstProblemIsShownIfNoneIsNamed() {
    assertThat(dataset.run("show", file)).isEqualTo(ExitCode.OK);
    assertThat(dataset.out()).contains("id        a").doesNotContain("id        b");
  }

  @Test
  void aProblemThatIsNotThereIsToldWithWhatIs() {
    assertThat(dataset.run("show", file, "c")).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.run("show", file, "3")).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err())
        .contains("has no problem c; give an id such as a, or a number from 1 to 2")
        .contains("has no problem 3");
  }

  @Test
  void statisticsAreForPeopleAndForPrograms() throws IOException {
    assertThat(dataset.run("stats", file)).isEqualTo(ExitCode.OK);
    assertThat(dataset.out())
        .contains(
            "problems  2",
            "golds     1 for 1, 2 for 1",
            "min 11, ",
            "max 17 characters",
            "answers   integer 2, fraction 1",
            "level     1 1, 2 1");

    Dataset json = new Dataset();
    assertThat(json.run("stats", file, "--json", "--model", policy())).isEqualTo(ExitCode.OK);
    JsonNode statistics = new ObjectMapper().readTree(json.out());
    assertThat(statistics.path("problems").asInt()).isEqualTo(2);
    assertThat(statistics.at("/golds/2").asInt()).isEqualTo(1);
    assertThat(statistics.at("/promptLengths/unit").asText()).isEqualTo("tokens");
    assertThat(statistics.at("/promptLengths/max").asInt()).isEqualTo(9);
    assertThat(statistics.at("/answers/integer").asInt()).isEqualTo(2);
    assertThat(statistics.at("/metadata/level/2").asInt()).isEqualTo(1);
  }

  @Test
  void aPolicyThatCannotSpellAPromptIsRefused() throws IOException {
    Files.writeString(
        file,
        "{\"id\":\"u\",\"messages\":[{\"role\":\"user\",\"content\":\"words\"}],\"gold\":\"1\"}\n");

    assertThat(dataset.run("stats", file, "--model", policy())).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err())
        .contains("the policy has no prompt for u: the tokenizer refuses the prompt")
        .doesNotContain("\tat ");
  }

  @Test
  void aFileWithoutFindingsIsValid() {
    assertThat(dataset.run("validate", file, "--model", policy())).isEqualTo(ExitCode.OK);
    assertThat(dataset.out()).isEmpty();
    assertThat(dataset.err()).contains("nothing is wrong with " + file);
  }

  @Test
  void findingsEndWithCodeOne() throws IOException {
    Files.writeString(
        file,
        """
        {"id":"c","messages":[{"role":"user","content":"9 a + 4 b ?"}],"gold":"14"}
        {"id":"d","messages":[{"role":"user","content":"8 a + 4 b ?"}],"gold":"\\\\spadesuit"}
        """,
        StandardOpenOption.APPEND);

    assertThat(dataset.run("validate", file, "--model", policy(), "--max-prompt-tokens", "8"))
        .isEqualTo(ExitCode.FAILED);

    assertThat(dataset.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("prompt-too-long  b  9 tokens"),
            line -> assertThat(line).startsWith("duplicate-with-other-gold  c  14 here, 13 in a"),
            line -> assertThat(line).startsWith("unreadable-gold  d  \\spadesuit"));
    assertThat(dataset.err())
        .contains("1 duplicate-with-other-gold, 1 unreadable-gold, 1 prompt-too-long");
  }

  @Test
  void aMalformedFileIsAFindingWithItsLine() throws IOException {
    Files.writeString(file, "{\"id\":\"a\"}\n");

    assertThat(dataset.run("validate", file, "--json")).isEqualTo(ExitCode.FAILED);

    JsonNode finding = new ObjectMapper().readTree(dataset.out());
    assertThat(finding.path("kind").asText()).isEqualTo("malformed");
    assertThat(finding.path("detail").asText()).contains(file + ", line 1: gold must be");
  }

  @Test
  void aLimitWithoutAPolicyIsRefused() {
    assertThat(dataset.run("validate", file, "--max-prompt-tokens", "8")).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err()).contains("--max-prompt-tokens needs --model");
  }

  @Test
  void aFileThatIsMissingIsToldByEveryCommand() {
    assertThat(dataset.run("show", "no.jsonl")).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.run("stats", "no.jsonl")).isEqualTo(ExitCode.USAGE);
    assertThat(dataset.err())
        .containsPattern("(?s)no.jsonl does not exist.*no.jsonl does not exist");
  }

  private static Path policy() {
    return Path.of(System.getProperty("drpo.root"), "datasets", "quickstart", "policy");
  }
}

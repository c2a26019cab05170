package dev.drpo.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartDataTest {
  private static final Path COMMITTED =
      Path.of(System.getProperty("drpo.root"), "datasets", "quickstart");

  @TempDir Path folder;

  @Test
  void regeneratingGivesTheCommittedFilesByteForByte() {
    var console = new StringWriter();
    int exitCode =
        Drpo.commandLine()
            .setOut(new PrintWriter(console))
            .execute("quickstart-data", "--out", folder.toString());
    assertThat(exitCode).isZero();
    assertThat(console.toString()).contains("20,000 problems", "1,000 in heldout.jsonl");
    for (String file : List.of("train.jsonl", "heldout.jsonl")) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(COMMITTED.resolve(file));
    }
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".new"));
  }

  @Test
  void tracesAreOfProblemsOnTheirSideOfTheBoundaryAndAFunctionOfTheSeed() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    WarmStartTraces.write(first, 3);
    WarmStartTraces.write(second, 3);
    for (String file : List.of("foundation.jsonl", "long-winded.jsonl", "heldout-traces.jsonl")) {
      assertThat(first.resolve(file)).hasSameBinaryContentAs(second.resolve(file));
    }
    assertThat(lines(first.resolve("heldout-traces.jsonl")))
        .hasSize(WarmStartTraces.HELD_OUT)
        .allSatisfy(line -> assertThat(Split.of(content(line))).isEqualTo(Split.HELD_OUT));
    assertThat(lines(first.resolve("foundation.jsonl")))
        .hasSize(WarmStartTraces.FOUNDATION)
        .allSatisfy(line -> assertThat(Split.of(content(line))).isEqualTo(Split.TRAIN));
  }

  @Test
  void anotherSeedGivesOtherProblems() {
    assertThat(QuickstartData.generate(1).heldOut())
        .isNotEqualTo(QuickstartData.generate(0).heldOut());
  }

  @Test
  void noHeldOutProblemIsTrainedOnAndNoProblemOccursTwice() throws IOException {
    List<JsonNode> train = lines("train.jsonl");
    List<JsonNode> heldOut = lines("heldout.jsonl");
    assertThat(train).hasSize(20_000);
    assertThat(heldOut).hasSize(1_000);
    Set<String> ids = new HashSet<>();
    Set<String> prompts = new HashSet<>();
    for (JsonNode line : Stream.concat(train.stream(), heldOut.stream()).toList()) {
      ids.add(line.get("id").asText());
      prompts.add(content(line));
    }
    assertThat(ids).hasSize(21_000);
    assertThat(prompts).hasSize(21_000);
    assertThat(train)
        .allSatisfy(line -> assertThat(Split.of(content(line))).isEqualTo(Split.TRAIN));
    assertThat(heldOut)
        .allSatisfy(line -> assertThat(Split.of(content(line))).isEqualTo(Split.HELD_OUT));
  }

  @Test
  void everyNumberOfOperationsIsEquallyOften() throws IOException {
    Map<Integer, Long> counts =
        lines("train.jsonl").stream()
            .collect(
                Collectors.groupingBy(
                    line -> line.at("/metadata/operations").asInt(), Collectors.counting()));
    assertThat(counts)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(2, 4_000L, 3, 4_000L, 4, 4_000L, 5, 4_000L, 6, 4_000L));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamedWithTheRemedy() throws IOException {
    Path file = Files.writeString(folder.resolve("taken"), "not a folder");
    var console = new StringWriter();
    int exitCode =
        Drpo.commandLine()
            .setErr(new PrintWriter(console))
            .execute("quickstart-data", "--out", file.toString());
    assertThat(exitCode).isEqualTo(ExitCode.USAGE);
    assertThat(console.toString()).contains("no file can be written in " + file, "--out");
  }

  private static String content(JsonNode line) {
    return line.at("/messages/0/content").asText();
  }

  private static List<JsonNode> lines(String file) throws IOException {
    return lines(COMMITTED.resolve(file));
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    var json = new ObjectMapper();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(json.readTree(line));
    }
    return lines;
  }
}

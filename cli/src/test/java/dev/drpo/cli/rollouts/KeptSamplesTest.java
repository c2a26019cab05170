package dev.drpo.cli.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleLog;
import dev.drpo.reports.samples.SampleResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptSamplesTest {
  @TempDir Path run;

  @BeforeEach
  void keep() throws IOException {
    SampleLog log = SampleLog.open(run, 1, 1 << 20);
    for (long step = 1; step <= 3; step++) {
      log.write(step, List.of(group(step, "a"), group(step, "b")));
    }
  }

  private static SampleGroup group(long step, String prompt) {
    return new SampleGroup(
        step,
        prompt,
        "what is\n3 + 4 ?",
        "rollout-1",
        1,
        List.of("7"),
        2,
        1,
        List.of(
            new SampleResponse(
                0, true, "equal", "integer", 1, "7", "7", "7", 5, false, 0.5, List.of(2L), "7 !"),
            new SampleResponse(
                1, false, "no answer", "", 0, "", "", "", 9, true, -0.25, List.of(2L), "hm")));
  }

  private String print(Selection selection, boolean json, int last) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    KeptSamples.in(run, selection, json).print(last, new LineOutput(out));
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<String> headlines(Selection selection, int last) throws IOException {
    return print(selection, false, last)
        .lines()
        .filter(line -> line.startsWith("step"))
        .map(line -> line.replaceAll("step (\\d+), problem (\\w+).*", "$1$2"))
        .toList();
  }

  @Test
  void theLastGroupsAreShownInOrder() throws IOException {
    assertThat(headlines(new Selection(), 3)).containsExactly("2b", "3a", "3b");
    assertThat(headlines(new Selection(), 100)).hasSize(6);
    assertThat(headlines(new Selection(2L, null, false, false, false), 10))
        .containsExactly("2a", "2b");
    assertThat(headlines(new Selection(null, "b", false, false, false), 2))
        .containsExactly("2b", "3b");
  }

  @Test
  void aGroupIsShownWithVerdictWeightAndText() throws IOException {
    assertThat(print(new Selection(3L, "a", false, false, false), false, 1))
        .isEqualTo(
            """
            step 3, problem a, by rollout-1 with policy 2: 1 of 2 right
              prompt: what is\\n3 + 4 ?
              gold:   7
              1. right, 5 tokens, rule integer, reward 1.00, weight 0.500, answer 7
                 7 !
              2. wrong: no answer, 9 tokens (cut off), rule none, reward 0.00, weight -0.250
                 hm

            """);
  }

  @Test
  void jsonIsTheLineOfTheFileWithTheResponsesThatAreChosen() throws IOException {
    JsonNode line =
        new ObjectMapper().readTree(print(new Selection(1L, "b", false, true, false), true, 9));
    assertThat(line.get("kind").asText()).isEqualTo("group");
    assertThat(line.get("responses")).hasSize(1);
    assertThat(line.get("responses").get(0).get("sample").asInt()).isEqualTo(1);
    assertThat(line.get("size").asInt()).isEqualTo(2);
  }

  @Test
  void groupsOfEvaluationsAreNotKept() {
    assertThatThrownBy(() -> print(new Selection(null, null, false, false, true), false, 1))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--evaluation");
  }

  @Test
  void optionsThatContradictKeptAreRefused() throws IOException {
    Files.writeString(run.resolve("run.yaml"), "preset: quickstart\n");
    assertThat(refusal("--kept", "--unscored", run.toString())).contains("--kept shows judged");
    assertThat(refusal("--kept", "--broker", "host:1", "--run", "x")).contains("--kept needs");
  }

  private static String refusal(String... arguments) {
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>(List.of("rollouts", "show"));
    words.addAll(List.of(arguments));
    assertThat(
            Drpo.commandLine().setErr(new PrintWriter(err)).execute(words.toArray(String[]::new)))
        .isEqualTo(ExitCode.USAGE);
    return err.toString();
  }
}

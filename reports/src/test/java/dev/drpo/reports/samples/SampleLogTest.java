package dev.drpo.reports.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleLogTest {
  private static final long PLENTY = 1 << 20;

  @TempDir Path run;

  static SampleResponse response(int sample, boolean right, int tokens, String text) {
    return new SampleResponse(
        sample,
        right,
        right ? "equal" : "not equal",
        "integer",
        right ? 1 : 0,
        "7",
        "7",
        "7",
        tokens,
        false,
        right ? 0.25 : Double.NaN,
        List.of(3L),
        text);
  }

  static SampleGroup group(long step, String prompt, SampleResponse... responses) {
    return new SampleGroup(
        step,
        prompt,
        "what is 3 + 4?",
        "rollout-1",
        1_700_000_000_000L,
        List.of("7"),
        responses.length,
        (int) List.of(responses).stream().filter(SampleResponse::right).count(),
        List.of(responses));
  }

  private SampleFiles files() {
    return SampleFiles.ofRun(run);
  }

  private void write(SampleLog log, long step) throws IOException {
    log.write(step, List.of(group(step, "q", response(0, true, 3, "seven"))));
  }

  @Test
  void whatIsWrittenReadsBackWhateverTheTextIs() throws IOException {
    String hostile = "</script>\u0000\u001b[31m\u202e right to left \ud83d\ude00 \"quoted\"\nline";
    List<SampleGroup> groups =
        List.of(
            group(12, "q-1", response(0, true, 5, hostile), response(1, false, 3, "")),
            group(12, "q-2", response(0, false, 8, "eight")));
    SampleLog.open(run, 1, PLENTY).write(12, groups);

    assertThat(files().steps()).containsExactly(12L);
    assertThat(files().read(12)).isEqualTo(groups);
    assertThat(files().read(13)).isEmpty();
    assertThat(SampleFiles.ofRun(run.resolve("absent")).steps()).isEmpty();
  }

  @Test
  void aLineIsWhatRolloutsShowPrintsAndMore() throws IOException {
    write(SampleLog.open(run, 1, PLENTY), 2);
    Path file = run.resolve("samples/step-00000002.jsonl.gz");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      JsonNode line = new ObjectMapper().readTree(lines.readLine());
      assertThat(line.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(
              "kind",
              "purpose",
              "step",
              "prompt",
              "question",
              "replica",
              "createdAtMillis",
              "golds",
              "size",
              "right",
              "responses");
      assertThat(line.get("kind").asText()).isEqualTo("group");
      assertThat(line.get("purpose").asText()).isEqualTo("training");
      assertThat(line.get("responses").get(0).get("weight").asDouble()).isEqualTo(0.25);
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void aResumedRunRemovesWhatItTakesAgain() throws IOException {
    SampleLog log = SampleLog.open(run, 1, PLENTY);
    for (long step = 1; step <= 4; step++) {
      write(log, step);
    }
    SampleLog.open(run, 3, PLENTY);
    assertThat(files().steps()).containsExactly(1L, 2L);
  }

  @Test
  void theOldestGoAndTheFirstAndTheNewestStay() throws IOException {
    Random random = new Random(1);
    SampleLog log = SampleLog.open(run, 1, 5000);
    for (long step = 1; step <= 9; step++) {
      StringBuilder text = new StringBuilder();
      IntStream.range(0, 2000).forEach(_ -> text.append((char) ('a' + random.nextInt(26))));
      log.write(step, List.of(group(step, "q", response(0, true, 3, text.toString()))));
    }
    assertThat(files().steps()).containsExactly(1L, 8L, 9L);
    // A run that goes on counts what it finds.
    write(SampleLog.open(run, 10, 2500), 10);
    assertThat(files().steps()).containsExactly(1L, 10L);
  }

  @Test
  void aFileThatIsNoneOfTheStepsIsLeftAlone() throws IOException {
    Files.createDirectories(run.resolve("samples"));
    Path other = run.resolve("samples/.step-00000001.jsonl.gz.part");
    Files.writeString(other, "torn");
    assertThat(files().steps()).isEmpty();
    write(SampleLog.open(run, 1, PLENTY), 1);
    assertThat(files().steps()).containsExactly(1L);
    assertThat(other).doesNotExist();
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Files.createDirectories(run.resolve("samples"));
    for (byte[] content : List.of(new byte[0], new byte[40], new byte[] {31, -117, 8, 0})) {
      Files.write(run.resolve("samples/step-00000001.jsonl.gz"), content);
      assertThatThrownBy(() -> files().read(1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("step-00000001.jsonl.gz is damaged");
    }
  }
}

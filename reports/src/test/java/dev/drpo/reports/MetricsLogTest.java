package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  private void append(long nextStep, long... steps) throws IOException {
    try (MetricsLog log = MetricsLog.open(file, nextStep)) {
      for (long step : steps) {
        log.append(SampleRun.step(step));
      }
    }
  }

  private List<Long> steps() throws IOException {
    return MetricsLog.read(file).stream().map(StepMetrics::step).toList();
  }

  @Test
  void whatIsAppendedReadsBack() throws IOException {
    append(1, 1, 2, 3);
    assertThat(MetricsLog.read(file))
        .isEqualTo(LongStream.of(1, 2, 3).mapToObj(SampleRun::step).toList());
  }

  @Test
  void aLineHasExactlyTheMetricsKeys() throws IOException {
    append(1, 1);
    JsonNode line = new ObjectMapper().readTree(Files.readString(file));
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(
            Arrays.stream(StepMetrics.class.getRecordComponents())
                .map(component -> component.getName())
                .toList());
  }

  @Test
  void aFileThatDoesNotExistHoldsNoSteps() throws IOException {
    assertThat(steps()).isEmpty();
  }

  @Test
  void aResumedRunWritesItsStepsOnce() throws IOException {
    append(1, 1, 2, 3, 4);
    append(3, 3, 4, 5);
    assertThat(steps()).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void aTornLastLineIsSkippedAndThenOverwritten() throws IOException {
    append(1, 1, 2);
    Files.writeString(file, "{\"step\":3,\"accu", StandardOpenOption.APPEND);
    assertThat(steps()).containsExactly(1L, 2L);
    append(3, 3);
    assertThat(steps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aLastLineOfZeroesIsSkipped() throws IOException {
    append(1, 1);
    Files.write(file, new byte[] {0, 0, 0, '\n'}, StandardOpenOption.APPEND);
    assertThat(steps()).containsExactly(1L);
  }

  @Test
  void aDamagedLineInTheMiddleIsNamedAndNothingIsCut() throws IOException {
    append(1, 1);
    Files.writeString(file, "garbage\n", StandardOpenOption.APPEND);
    Files.writeString(
        file,
        ReportJson.MAPPER.writeValueAsString(SampleRun.step(2)) + "\n",
        StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(file);
    assertThatThrownBy(() -> MetricsLog.open(file, 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("metrics.jsonl, line 2");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }
}

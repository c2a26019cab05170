package dev.drpo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTableTest {
  @TempDir Path folder;
  private Path file;
  private MetricsTable table;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
    table = new MetricsTable(file);
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<Double> column(String name) throws IOException {
    return table.read(
        (columns, _) ->
            IntStream.range(0, columns.rows()).mapToObj(row -> columns.get(name, row)).toList());
  }

  private int generation() throws IOException {
    return table.read((_, generation) -> generation);
  }

  @Test
  void aFileIsReadAsItGrowsLineByLine() throws IOException {
    assertThat(column("step")).isEmpty();
    append("{\"step\":1,\"accuracy\":0.5}\n{\"step\":2,\"acc");
    assertThat(column("step")).containsExactly(1.0);
    append("uracy\":0.75}\n");
    assertThat(column("accuracy")).containsExactly(0.5, 0.75);
    assertThat(generation()).isZero();
  }

  @Test
  void namesThatALineLacksAreMissingThereAlone() throws IOException {
    append("{\"step\":1,\"old\":1}\n{\"step\":2,\"new\":2,\"none\":null,\"text\":\"x\"}\n");
    assertThat(column("old")).containsExactly(1.0, Double.NaN);
    assertThat(column("new")).containsExactly(Double.NaN, 2.0);
    assertThat(column("none")).containsExactly(Double.NaN, Double.NaN);
    assertThat(column("text")).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void solveRatesTellWhichGroupsAreAllRightAndAllWrong() throws IOException {
    append("{\"step\":1,\"solveRates\":[3,1,0,2]}\n{\"step\":2,\"solveRates\":[]}\n");
    assertThat(column("groupsAllWrong")).containsExactly(3.0, Double.NaN);
    assertThat(column("groupsAllRight")).containsExactly(2.0, Double.NaN);
    assertThat(column("groupsLearned")).containsExactly(6.0, 0.0);
  }

  @Test
  void whatIsNoStepIsPassedOver() throws IOException {
    append("garbage\n{\"accuracy\":1}\n[1]\n\n{\"step\":7,\"a\":{\"b\":[1]},\"accuracy\":0.25}\n");
    assertThat(column("step")).containsExactly(7.0);
    assertThat(column("accuracy")).containsExactly(0.25);
  }

  @Test
  void aFileThatWasCutOffIsReadAnew() throws IOException {
    append(RunFolderFixture.line(1) + RunFolderFixture.line(2) + RunFolderFixture.line(3));
    assertThat(column("step")).hasSize(3);
    Files.writeString(file, RunFolderFixture.line(1));
    assertThat(column("step")).containsExactly(1.0);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void aFileThatWasCutOffAndHasGrownSinceIsReadAnewToo() throws IOException {
    append("{\"step\":1}\n{\"step\":2,\"accuracy\":0.5}\n");
    assertThat(column("step")).hasSize(2);
    Files.writeString(file, "{\"step\":1}\n{\"step\":2,\"accuracy\":0.6}\n{\"step\":3}\n");
    assertThat(column("accuracy")).containsExactly(Double.NaN, 0.6, Double.NaN);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void aStepThatComesAgainReplacesWhatFollowedIt() throws IOException {
    append(
        "{\"step\":1,\"a\":1}\n{\"step\":2,\"a\":2}\n{\"step\":3,\"a\":3}\n{\"step\":2,\"b\":9}\n");
    assertThat(column("step")).containsExactly(1.0, 2.0);
    assertThat(column("a")).containsExactly(1.0, Double.NaN);
    assertThat(column("b")).containsExactly(Double.NaN, 9.0);
    assertThat(generation()).isEqualTo(1);
  }

  @Test
  void aStepsLineIsGivenAsItStands() throws IOException {
    append("garbage\n{\"step\":1,\"a\":[1,2]}\nmore garbage\n{\"step\":2}\n");
    assertThat(new String(table.line(1), StandardCharsets.UTF_8))
        .isEqualTo("{\"step\":1,\"a\":[1,2]}");
    assertThat(new String(table.line(2), StandardCharsets.UTF_8)).isEqualTo("{\"step\":2}");
    assertThat(table.line(3)).isEmpty();
  }

  @Test
  void moreRowsThanThereWasRoomForKeepTheirValues() throws IOException {
    StringBuilder lines = new StringBuilder();
    IntStream.rangeClosed(1, 1000).forEach(step -> lines.append(RunFolderFixture.line(step)));
    append(lines.toString());
    assertThat(column("step")).hasSize(1000).endsWith(999.0, 1000.0);
    assertThat(column("positives").get(999)).isEqualTo(1016.0);
    assertThat(table.line(1000)).isNotEmpty();
  }
}

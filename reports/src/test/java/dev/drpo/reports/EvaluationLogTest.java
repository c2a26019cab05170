package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationLogTest {
  @TempDir Path folder;

  @Test
  void theFileHasOneLinePerEvaluationInTheOrderOfSteps() throws IOException {
    EvaluationLog log = log();
    log.add(4, evaluation(5, 30));
    log.add(0, evaluation(3, 50));
    log.add(4, evaluation(6, 30));
    List<String> lines = Files.readAllLines(folder.resolve("evaluations.jsonl"));
    assertThat(lines).hasSize(2);
    JsonNode last = new ObjectMapper().readTree(lines.getLast());
    assertThat(last.path("step").asLong()).isEqualTo(4);
    assertThat(last.path("evaluation").path("accuracy").asDouble()).isEqualTo(0.6);
    assertThat(log.all()).extracting(PolicyEvaluation::step).containsExactly(0L, 4L);
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void theBestIsTheMostAccurateThenTheShortestThenTheEarliest() throws IOException {
    EvaluationLog log = log();
    assertThat(log.best()).isEmpty();
    log.add(0, evaluation(5, 90));
    log.add(2, evaluation(7, 60));
    log.add(4, evaluation(6, 10));
    assertThat(best(log)).isEqualTo(2);
    log.add(6, evaluation(7, 50));
    assertThat(best(log)).isEqualTo(6);
    log.add(8, evaluation(7, 50));
    assertThat(best(log)).isEqualTo(6);
    log.add(10, evaluation(8, 99));
    assertThat(best(log)).isEqualTo(10);
  }

  @Test
  void aSmallSetCountsAsMuchAsALargeOne() throws IOException {
    List<String> sets = new ArrayList<>(Collections.nCopies(9, "large"));
    sets.add("small");
    EvaluationLog log = log();
    // Nine of ten, but nothing of the small set.
    log.add(2, Evaluation.ofSets(responses(0, 9, 5), sets));
    log.add(4, Evaluation.ofSets(responses(5, 10, 5), sets));
    assertThat(best(log)).isEqualTo(4);
    assertThat(Files.readAllLines(folder.resolve("evaluations.jsonl")).getLast())
        .contains("\"sets\":{\"large\":{\"accuracy\":0.44");
  }

  @Test
  void whatEvaluatedNothingLeavesNoLine() throws IOException {
    EvaluationLog log = log();
    log.add(0, Evaluation.none());
    assertThat(log.all()).isEmpty();
    assertThat(folder.resolve("evaluations.jsonl")).doesNotExist();
  }

  private EvaluationLog log() {
    return new EvaluationLog(folder.resolve("evaluations.jsonl"));
  }

  private static long best(EvaluationLog log) {
    return log.best().orElseThrow().step();
  }

  /** Ten problems, of which the first {@code right} are solved. */
  private static Evaluation evaluation(int right, int length) {
    return Evaluation.of(responses(0, right, length));
  }

  /** Ten problems, of which those in a range are solved. */
  private static List<List<Evaluation.Response>> responses(int from, int to, int length) {
    return IntStream.range(0, 10)
        .mapToObj(i -> List.of(new Evaluation.Response(i >= from && i < to, length, false)))
        .toList();
  }
}

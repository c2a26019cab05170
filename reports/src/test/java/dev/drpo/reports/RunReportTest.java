package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunReportTest {
  private static final List<String> EVALUATION_KEYS =
      List.of(
          "accuracy",
          "meanLength",
          "meanLengthCorrect",
          "meanLengthWrong",
          "samples",
          "problems",
          "accuracyStandardError",
          "accuracyInterval",
          "passAtK",
          "truncated");

  /** Parses as any strict reader would. */
  private static JsonNode json(RunReport report) throws Exception {
    return new ObjectMapper().readTree(ReportJson.MAPPER.writeValueAsString(report));
  }

  @Test
  void theKeysAreTheContract() throws Exception {
    JsonNode json = json(SampleRun.report());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "task",
            "model",
            "objective",
            "lambda",
            "delta",
            "seed",
            "steps",
            "wallSeconds",
            "trainingSeconds",
            "before",
            "after",
            "evaluations",
            "bestStep",
            "tokensGenerated",
            "tokensLearned",
            "groups",
            "policyDigest",
            "repeatability",
            "versions",
            "aes");
    assertThat(json.get("before").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(EVALUATION_KEYS);
    assertThat(json.get("after").fieldNames())
        .toIterable()
        .containsExactlyElementsOf(EVALUATION_KEYS);
    assertThat(json.get("groups").fieldNames())
        .toIterable()
        .containsExactly(
            "dispatched", "scored", "trained", "refilled", "duplicates", "deadLetters", "resent");
  }

  @Test
  void whatKeepsARunFromBeingRepeatableIsSaid() {
    RunRepeatability repeatable = SampleRun.report().repeatability();
    assertThat(repeatable.promise()).endsWith("ends with this policy, to the bit");
    assertThat(new RunRepeatability("a", "b", "c", List.of("x is 1", "y is 2")).promise())
        .endsWith("may end with another policy, since x is 1; y is 2");
  }

  @Test
  void aReportReadsBackAsItWas() throws Exception {
    for (RunReport report :
        List.of(
            SampleRun.report(),
            SampleRun.report(
                Double.POSITIVE_INFINITY, SampleRun.evaluation(0.5, 40), Evaluation.none()))) {
      String json = ReportJson.MAPPER.writeValueAsString(report);
      assertThat(ReportJson.MAPPER.readValue(json, RunReport.class)).isEqualTo(report);
    }
  }

  @Test
  void infinityIsAStringAndWhatDoesNotExistIsNull() throws Exception {
    Evaluation allRight = Evaluation.of(List.of(List.of(new Evaluation.Response(true, 12, false))));
    JsonNode json = json(SampleRun.report(Double.POSITIVE_INFINITY, allRight, Evaluation.none()));
    assertThat(json.get("lambda").isTextual()).isTrue();
    assertThat(json.get("lambda").asText()).isEqualTo("Infinity");
    assertThat(json.at("/before/meanLengthWrong").isNull()).isTrue();
    assertThat(json.at("/after/accuracy").isNull()).isTrue();
    assertThat(json.at("/after/samples").asInt(-1)).isZero();
    assertThat(json.get("aes").isNull()).isTrue();
  }

  @Test
  void theEfficiencyScoreRewardsGainsThreefoldAndPunishesLossesTenfold() {
    Evaluation start = evaluation(5, 100);
    assertThat(SampleRun.report(0.1, start, evaluation(6, 50)).aes())
        .isCloseTo(0.5 + 3 * 0.2, within(1e-12));
    assertThat(SampleRun.report(0.1, start, evaluation(4, 50)).aes())
        .isCloseTo(0.5 - 10 * 0.2, within(1e-12));
    assertThat(SampleRun.report(0.1, start, start).aes()).isZero();
  }

  /** Ten problems, of which the first {@code right} are solved. */
  private static Evaluation evaluation(int right, int length) {
    return Evaluation.of(
        IntStream.range(0, 10)
            .mapToObj(i -> List.of(new Evaluation.Response(i < right, length, false)))
            .toList());
  }
}

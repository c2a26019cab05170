package dev.drpo.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.reports.Glossary.Section;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GlossaryTest {
  private static Object emitted(Section section) {
    return switch (section) {
      case RUN -> SampleRun.report();
      case EVALUATION ->
          // Whole: sets are left out where there are none.
          Evaluation.ofSets(
              List.of(List.of(new Evaluation.Response(true, 9, false))), List.of("amc"));
      case EVALUATIONS -> new PolicyEvaluation(3, Evaluation.none());
      case GROUPS -> SampleRun.report().groups();
      case REPEATABILITY -> SampleRun.report().repeatability();
      case STEP -> SampleRun.step(1);
    };
  }

  @ParameterizedTest
  @EnumSource
  void everyEmittedNameIsDefinedAndNothingElseIs(Section section) throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(ReportJson.MAPPER.writeValueAsString(emitted(section)));
    assertThat(Glossary.of(section).stream().map(Glossary.Entry::name))
        .containsExactlyElementsOf(() -> json.fieldNames());
  }

  @ParameterizedTest
  @EnumSource
  void everyDefinitionIsASentence(Section section) {
    assertThat(Glossary.of(section))
        .allSatisfy(entry -> assertThat(entry.definition()).hasSizeGreaterThan(10).endsWith("."));
  }
}

package dev.drpo.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineFiguresTest {
  @TempDir private Path folder;

  @Test
  void aStepIsTheOneInTheMiddleWithoutTheFirst() throws IOException {
    Path metrics = folder.resolve("metrics.jsonl");
    Files.write(
        metrics,
        List.of(
            "{\"step\": 1, \"stepSeconds\": 90, \"learnSeconds\": 10}",
            "{\"step\": 2, \"stepSeconds\": 12, \"learnSeconds\": 11}",
            "{\"step\": 3, \"stepSeconds\": 14, \"learnSeconds\": 11.5}",
            "{\"step\": 4, \"stepSeconds\": 12.5, \"learnSeconds\": 11}"));
    assertThat(StepTimes.median(metrics)).isEqualTo(new StepTimes(12.5, 11));
  }

  @Test
  void theFileHoldsWhatAStepTakesBesideTheModel() throws IOException {
    Path file = folder.resolve("pipeline.json");
    figures(0.25, 97).write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("stepSeconds").asDouble()).isEqualTo(20.25);
    assertThat(json.get("computeSeconds").asDouble()).isEqualTo(20);
    assertThat(json.get("overheadMillis").asDouble()).isCloseTo(250, within(1e-9));
    assertThat(json.get("overheadFraction").asDouble()).isCloseTo(0.25 / 30, within(1e-9));
    assertThat(json.at("/bytes/rollouts").asLong()).isEqualTo(500);
    assertThat(json.at("/burst/restMillis").asDouble()).isEqualTo(2000);
    assertThat(json.at("/overlap/lag1StepSeconds").asDouble()).isEqualTo(11);
    assertThat(json.at("/scaling/1/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void everyTargetIsShownAsMetOrMissed() {
    assertThat(figures(0.25, 97).table()).filteredOn(line -> line.endsWith("  met")).hasSize(3);
    assertThat(figures(0.35, 80).table()).filteredOn(line -> line.endsWith("  missed")).hasSize(3);
  }

  private static PipelineFigures figures(double rest, double percent) {
    return PipelineFigures.of(
        new StepTimes(12, 10),
        Map.of("rollouts", 2000L),
        4,
        10,
        new StepTimes(20 + rest, 10),
        new StepTimes(11, 10),
        List.of(
            new PipelineFigures.Scaled(1, 20, 1),
            new PipelineFigures.Scaled(2, 40 * percent / 100, percent / 100),
            new PipelineFigures.Scaled(4, 80 * percent / 100, percent / 100)));
  }
}

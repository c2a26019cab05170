package dev.drpo.benchmarks.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerateTableTest {
  @Test
  void everyTargetIsShownAsMetOrMissed() {
    assertThat(GenerateTable.lines(measurements(3.1, 0.51, 0.91, 0.93, 2.1, 0.91, 1.1)))
        .filteredOn(line -> line.contains("met"))
        .hasSize(6)
        .noneMatch(line -> line.contains("missed"));
    assertThat(GenerateTable.lines(measurements(2.9, 0.49, 0.89, 0.91, 1.9, 0.89, 1.3)))
        .filteredOn(line -> line.contains("missed"))
        .hasSize(6)
        .noneMatch(line -> line.contains(": met") || line.contains("(met"));
  }

  @Test
  void theFileHoldsWhatTheTableShows() {
    JsonNode json =
        new ObjectMapper().valueToTree(measurements(3.1, 0.51, 0.91, 0.93, 2.1, 0.91, 1.1));
    assertThat(json.get("sgemmGflops").asDouble()).isEqualTo(98);
    JsonNode row = json.at("/rows/1");
    assertThat(row.get("batch").asInt()).isEqualTo(128);
    assertThat(row.get("group").asInt()).isEqualTo(8);
    assertThat(row.get("threads").asInt()).isEqualTo(1);
    assertThat(row.get("promptTokens").asInt()).isEqualTo(64);
    assertThat(row.get("newTokens").asInt()).isEqualTo(128);
    assertThat(row.get("tokensPerSecond").asDouble()).isEqualTo(9_000);
    assertThat(row.get("baselineTokensPerSecond").asDouble()).isEqualTo(3_000);
    assertThat(row.get("fractionOfLimit").asDouble()).isEqualTo(0.51);
  }

  private static Measurements measurements(
      double ratio,
      double limit,
      double invariance,
      double use,
      double overStatic,
      double ideal,
      double slope) {
    return new Measurements(
        98,
        List.of(
            new Measurements.Row(1, 1, 1, 64, 128, 400 * ratio, 400, 0.1),
            new Measurements.Row(128, 8, 1, 64, 128, 9_000, 3_000, limit)),
        List.of(new Measurements.Invariance(128, true, 6_000 * invariance, 6_000)),
        new Measurements.SlotUse(32, 0.25, use, 5_000 * overStatic, 5_000),
        new Measurements.PrefixSharing(512, 16, 50, 700, ideal),
        new Measurements.LengthCost(
            16, List.of(new Measurements.LengthCost.Point(128, 2.5)), 27, slope),
        "a machine");
  }
}

package dev.drpo.benchmarks.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFiguresTest {
  @TempDir private Path folder;

  @Test
  void figuresAreMediansInMillisecondsAndBytes() throws IOException {
    WeightFigures figures =
        WeightFigures.median(List.of(figures(3, true), figures(1, true), figures(2, true)));
    Path file = folder.resolve("weights.json");
    figures.write(file);

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("parameters").asLong()).isEqualTo(1000);
    assertThat(json.get("fullBytes").asLong()).isEqualTo(2000);
    assertThat(json.get("patchBytes").asLong()).isEqualTo(22);
    assertThat(json.get("encodeMillis").asDouble()).isEqualTo(2);
    assertThat(json.get("transferMillis").asDouble()).isEqualTo(4);
    assertThat(json.get("applyMillis").asDouble()).isEqualTo(6);
    assertThat(json.get("verifyMillis").asDouble()).isEqualTo(8);
    assertThat(json.get("fullCopyMillis").asDouble()).isEqualTo(10);
    assertThat(json.get("digestEqual").asBoolean()).isTrue();
    assertThat(figures.table())
        .anyMatch(line -> line.contains("patch") && line.endsWith("missed"))
        .anyMatch(line -> line.contains("1.100% of the full weights, 1/91; 17.6 bits"))
        .anyMatch(line -> line.contains("applying takes 0.60 times a plain copy"))
        .anyMatch(line -> line.contains("with the digest 1.40 times"));
  }

  @Test
  void oneUnequalDigestIsEnough() {
    WeightFigures figures =
        WeightFigures.median(List.of(figures(1, true), figures(2, false), figures(3, true)));
    assertThat(figures.digestEqual()).isFalse();
    assertThat(figures.table()).anyMatch(line -> line.contains("ANOTHER DIGEST"));
  }

  private static WeightFigures figures(long n, boolean digestEqual) {
    return new WeightFigures(
        1000,
        10,
        2000,
        20 + n,
        Duration.ofMillis(n),
        Duration.ofMillis(2 * n),
        Duration.ofMillis(3 * n),
        Duration.ofMillis(4 * n),
        Duration.ofMillis(5 * n),
        digestEqual);
  }
}

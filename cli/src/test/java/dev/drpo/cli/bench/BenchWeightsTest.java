package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.benchmarks.weights.SimulatedTraining;
import dev.drpo.benchmarks.weights.WeightFigures;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchWeightsTest {
  private static final int PARAMETERS = 12_000_000;

  @TempDir private Path folder;

  @Test
  void anUpdateOfAdamsSizeChangesAboutOneInAHundred() throws IOException {
    Path base = folder.resolve("base");
    Path next = folder.resolve("next");
    try (SimulatedTraining training = new SimulatedTraining(PARAMETERS, 0.12, 0)) {
      training.save(base);
      training.update();
      training.save(next);
      assertThat(training.parameters()).isBetween((long) PARAMETERS, 2L * PARAMETERS);
    }
    try (SafetensorsFile from = SafetensorsFile.open(base);
        SafetensorsFile to = SafetensorsFile.open(next)) {
      assertThat(from.tensors())
          .allSatisfy(info -> assertThat(info.type()).isEqualTo(ElementType.BF16));
      PatchEncoder.Summary patch =
          new PatchEncoder(900_000, Long.MAX_VALUE).encode(from, to, _ -> {}).orElseThrow();
      assertThat((double) patch.changed() / patch.elements()).isBetween(0.008, 0.012);
      assertThat((double) patch.bytes() / (2 * patch.elements())).isLessThan(0.01);
    }
  }

  @Test
  void theSameSeedGivesTheSameWeights() throws IOException {
    assertThat(saved(1)).isEqualTo(saved(1)).isNotEqualTo(saved(2));
  }

  private byte[] saved(long seed) throws IOException {
    Path file = folder.resolve("saved");
    try (SimulatedTraining training = new SimulatedTraining(1, 0.12, seed)) {
      training.update();
      training.save(file);
    }
    return Files.readAllBytes(file);
  }

  @ParameterizedTest
  @CsvSource({"1, 0x3f80", "-2.5, 0xc020", "1.00390625, 0x3f80", "1.01171875, 0x3f82", "0, 0"})
  void numbersAreRoundedToNearestAndTiesToEven(float value, String bits) {
    assertThat(SimulatedTraining.bfloat16(value) & 0xffff).isEqualTo(Integer.decode(bits));
  }

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

  @ParameterizedTest
  @CsvSource({"--parameters, 0", "--updates, 0", "--spread, 2", "--chunk-bytes, 100"})
  void valuesOutOfRangeAreRefused(String option, String value) {
    StringWriter err = new StringWriter();
    CommandLine command = Drpo.commandLine().setErr(new PrintWriter(err, true));
    assertThat(command.execute("bench", "weights", option, value)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("drpo: " + option + " is " + value);
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

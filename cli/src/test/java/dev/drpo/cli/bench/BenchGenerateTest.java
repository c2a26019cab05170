package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.benchmarks.generate.GenerateBench;
import dev.drpo.benchmarks.generate.GenerateMeasuring;
import dev.drpo.benchmarks.generate.GenerateTable;
import dev.drpo.benchmarks.generate.LengthCosts;
import dev.drpo.benchmarks.generate.Measurements;
import dev.drpo.benchmarks.generate.Work;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BenchGenerateTest {
  @TempDir Path folder;

  @Test
  void aRowSetsTheEngineBesideTheBaselineAndTheLimit() throws Exception {
    List<String> progress = new ArrayList<>();
    try (GenerateBench bench = new GenerateBench(3)) {
      GenerateMeasuring measuring = new GenerateMeasuring(bench, 1, progress::add);
      Measurements.Row row = measuring.throughput(2, 2, 1, 50);

      assertThat(progress).containsExactly("2 responses in groups of 2 on 1 threads");
      assertThat(row.tokensPerSecond()).isPositive();
      assertThat(row.ratio()).isEqualTo(row.tokensPerSecond() / row.baselineTokensPerSecond());
      double operations = Work.operations(GenerateBench.SHAPE, 1, 2, 64, 128);
      double seconds = 2 * 128 / row.tokensPerSecond();
      assertThat(row.fractionOfLimit())
          .isCloseTo(operations / seconds / 50e9, within(1e-9 * row.fractionOfLimit()));
    }
  }

  @Test
  void everyResponseHasTheLengthOfItsBudget() throws Exception {
    try (GenerateBench bench = new GenerateBench(3);
        GenerationEngine engine = bench.engine(4, 1, 1, 8, 10)) {
      GroupRequest request = GenerateBench.request(8, 3, 10, 1);
      assertThat(GenerateBench.seconds(engine, List.of(request))).isPositive();
      assertThat(engine.status().tokens()).isEqualTo(3 * 10);
    }
  }

  /** 704,512 parameters of each of 4 layers, 512 x 256 of the head; 4 x 256 heads' components. */
  @Test
  void theOperationsAreThoseOfTheParametersAndTheAttention() {
    double layers = 2.0 * 4 * (256 * 384 + 256 * 256 + 3 * 256 * 704);
    double head = 2.0 * 256 * 512;
    double position = 4.0 * 4 * 256;
    double prompt = 3 * layers + position * (1 + 2 + 3) + head;
    double response = 2 * (layers + head) + position * (4 + 5);
    assertThat(Work.operations(GenerateBench.SHAPE, 5, 10, 3, 3))
        .isCloseTo(5 * prompt + 10 * response, within(1.0));
  }

  /** A position of 32 rows has 32 x 4 layers x 2 heads x 32 components of keys and of values. */
  @Test
  void theCostOfLengthIsTheGrowthOfTheFastestStepsOverReadingWhatTheyReadMore() {
    long[] drawn = new long[4096];
    for (int i = 1; i < drawn.length; i++) {
      // Every second step is disturbed; the others take 2 ms and 3 us a position.
      drawn[i] = drawn[i - 1] + 2_000_000 + 3_000L * i + (i % 2 == 0 ? 5_000_000 : 0);
    }
    LengthCosts costs = new LengthCosts();
    costs.decoded(drawn);
    costs.read(0.02);
    costs.read(0.01);
    costs.read(0.03);

    Measurements.LengthCost measured = costs.measured();

    double bytesPerSecond = 4.0 * (64 << 20) / 0.01;
    assertThat(measured.gigabytesPerSecond()).isCloseTo(bytesPerSecond / 1e9, within(1e-9));
    assertThat(measured.points())
        .extracting(Measurements.LengthCost.Point::responseTokens)
        .containsExactly(128, 512, 1024, 2048, 4096);
    assertThat(measured.points().getFirst().millisPerStep())
        .isCloseTo(2 + 0.003 * 65, within(1e-9));
    double secondsToReadPosition = 32 * 4 * 2 * 32 * 2 * 4 / bytesPerSecond;
    assertThat(measured.slopeOverTraffic()).isCloseTo(3e-6 / secondsToReadPosition, within(1e-9));
  }

  @Test
  void everyTargetIsShownAsMetOrMissed() {
    assertThat(GenerateTable.lines(measurements(3.1, 0.51, 0.93, 2.1, 0.91, 1.1)))
        .filteredOn(line -> line.contains("met"))
        .hasSize(5)
        .noneMatch(line -> line.contains("missed"));
    assertThat(GenerateTable.lines(measurements(2.9, 0.49, 0.91, 1.9, 0.89, 1.3)))
        .filteredOn(line -> line.contains("missed"))
        .hasSize(5)
        .noneMatch(line -> line.contains(": met") || line.contains("(met"));
  }

  @Test
  void theFileHoldsWhatTheTableShows() {
    JsonNode json = new ObjectMapper().valueToTree(measurements(3.1, 0.51, 0.93, 2.1, 0.91, 1.1));
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

  @Test
  void whatCanNotBeMeasuredIsRefusedBeforeAnythingIs() {
    assertThat(refusal("--rounds", "0")).contains("--rounds is 0; it must be from 1 to 1000");
    assertThat(refusal("--threads", "100000")).contains("--threads is 100000; this machine has");
    assertThat(refusal("--json", folder.resolve("none/bench.json").toString()))
        .contains("is no folder that can be written to");
  }

  private static String refusal(String... options) {
    List<String> arguments = new ArrayList<>(List.of("bench", "generate"));
    arguments.addAll(List.of(options));
    StringWriter errors = new StringWriter();
    int code =
        Drpo.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(code).isEqualTo(ExitCode.USAGE);
    return errors.toString();
  }

  private static Measurements measurements(
      double ratio, double limit, double use, double overStatic, double ideal, double slope) {
    return new Measurements(
        98,
        List.of(
            new Measurements.Row(1, 1, 1, 64, 128, 400 * ratio, 400, 0.1),
            new Measurements.Row(128, 8, 1, 64, 128, 9_000, 3_000, limit)),
        new Measurements.SlotUse(32, 0.25, use, 5_000 * overStatic, 5_000),
        new Measurements.PrefixSharing(512, 16, 50, 700, ideal),
        new Measurements.LengthCost(
            16, List.of(new Measurements.LengthCost.Point(128, 2.5)), 27, slope),
        "a machine");
  }
}

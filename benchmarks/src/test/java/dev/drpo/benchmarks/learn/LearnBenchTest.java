package dev.drpo.benchmarks.learn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.benchmarks.learn.LearnCase.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LearnBenchTest {
  private static final LearnCase SMALL =
      new LearnCase(Trainer.FLOAT32, 8, 70, true, 32, 2, true, true);

  @TempDir Path folder;

  @Test
  void everyTrainerIsMeasuredInAProcessOfItsOwn() throws Exception {
    List<LearnCase> cases =
        List.of(
            new LearnCase(Trainer.EAGER, 8, 70, false, 32, 2, false, true),
            SMALL,
            new LearnCase(Trainer.BFLOAT16, 8, 70, false, 32, 1, false, false));
    List<String> progress = new ArrayList<>();
    List<LearnBench.Row> rows = new LearnBench(1).run(cases, progress::add);
    Path file = folder.resolve("learn.json");
    LearnBench.write(rows, file);

    assertThat(progress).hasSize(3);
    assertThat(LearnBench.table(rows))
        .hasSize(4)
        .satisfies(lines -> assertThat(lines.get(2)).containsPattern("times: (met|missed)$"));
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.get("sgemmGflops").asDouble()).isPositive();
    assertThat(json.get("rows")).hasSize(3);
    JsonNode row = json.at("/rows/1");
    assertThat(row.get("sequences").asInt()).isEqualTo(8);
    assertThat(row.get("tokens").asInt()).isEqualTo(70);
    assertThat(row.get("vocabulary").asInt()).isEqualTo(32);
    assertThat(row.get("threads").asInt()).isEqualTo(2);
    assertThat(row.get("tokensPerSecond").asDouble()).isPositive();
    assertThat(row.get("fractionOfLimit").asDouble()).isBetween(0.0, 2.0);
    assertThat(row.get("peakResidentMiB").asDouble()).isBetween(50.0, 5_000.0);
    assertThat(row.get("gradientCheckpointing").asBoolean()).isTrue();
    assertThat(row.get("chunkedHead").asBoolean()).isTrue();
  }
}

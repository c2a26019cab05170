package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.benchmarks.learn.EagerTrainer;
import dev.drpo.benchmarks.learn.LearnBench;
import dev.drpo.benchmarks.learn.LearnCase;
import dev.drpo.benchmarks.learn.LearnCase.Trainer;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.trainer.MicroBatch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BenchLearnTest {
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

  @Test
  void aSharedPromptIsComputedOnceAndTheTokensCountedAsFed() {
    assertThat(SMALL.microBatches()).singleElement().returns(64 + 8 * 6, MicroBatch::tokens);
    LearnCase alone = new LearnCase(Trainer.FLOAT32, 8, 70, false, 32, 2, true, true);
    assertThat(alone.microBatches()).singleElement().returns(8 * 70, MicroBatch::tokens);
  }

  /** 704,512 parameters of each of 4 layers, 32 x 256 of the head. */
  @Test
  void theOperationsAreThoseOfTheParametersAndTheAttention() {
    double matrices = 6.0 * 4 * (256 * 384 + 256 * 256 + 3 * 256 * 704) * (64 + 8 * 6);
    double head = 6.0 * 32 * 256 * (8 * 7);
    double pairs = 64 * 65 / 2.0 + 8 * (6 * 64 + 6 * 7 / 2.0);
    assertThat(SMALL.flops())
        .isCloseTo(matrices + head + 12 * pairs * 256 * 4, within(1e-6 * matrices));
  }

  @Test
  void aCaseSurvivesItsWords() {
    assertThat(LearnCase.parse(SMALL.words())).isEqualTo(SMALL);
    assertThat(LearnBench.cases())
        .doesNotHaveDuplicates()
        .allSatisfy(c -> assertThat(LearnCase.parse(c.words())).isEqualTo(c));
  }

  @Test
  void theEagerTrainerKnowsNothingAtFirst() throws Exception {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    LearnCase eager = new LearnCase(Trainer.EAGER, 8, 70, false, 32, 1, false, true);
    try (NDManager manager = TensorEngine.newManager()) {
      assertThat(new EagerTrainer(manager, eager).step(eager.draw()))
          .isCloseTo(Math.log(32), within(0.2));
    }
  }

  @Test
  void stepsOutOfRangeAreRefused() {
    StringWriter err = new StringWriter();
    int code =
        Drpo.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("bench", "learn", "--steps", "0");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("--steps is 0; it must be from 1 to 1000");
  }
}

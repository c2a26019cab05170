package dev.drpo.benchmarks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class GenerateBenchTest {
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
}

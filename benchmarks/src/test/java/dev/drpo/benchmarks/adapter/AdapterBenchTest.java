package dev.drpo.benchmarks.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.PolicyFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterBenchTest {
  @Test
  void everyResponseIsCountedAndHasTheLengthThatWasAskedFor(@TempDir Path folder) throws Exception {
    PolicyFolder policy =
        new PolicyFolder(
            Path.of(System.getProperty("drpo.root", "..")).resolve("datasets/quickstart/policy"));
    AdapterFigures figures = new AdapterBench(policy, folder, 8, 32, 2, 4).run(3);
    assertThat(figures.responses()).isEqualTo(6);
    assertThat(figures.tokens()).isEqualTo(6 * 32);
    assertThat(figures.tokensPerSecond()).isPositive();
    assertThat(figures.table()).anyMatch(line -> line.contains("at least 50,000/s"));
  }
}

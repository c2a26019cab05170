package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command with the packaged broker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class BenchWeightsIT {
  @TempDir Path folder;

  @Test
  void aPatchComesThroughTheBrokerAndMakesTheSameWeights() throws Exception {
    Path json = folder.resolve("weights.json");
    Path files = Files.createDirectory(folder.resolve("files"));
    Process drpo =
        DrpoProcess.prepare(
                folder,
                "bench",
                "weights",
                "--parameters",
                "7000000",
                "--updates",
                "1",
                "--chunk-bytes",
                "20000",
                "--folder",
                files.toString(),
                "--json",
                json.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();

    assertThat(drpo.waitFor())
        .as(Files.readString(folder.resolve("output")))
        .isEqualTo(ExitCode.OK);

    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertThat(figures.get("digestEqual").asBoolean()).isTrue();
    assertThat(figures.get("parameters").asLong()).isGreaterThanOrEqualTo(7_000_000);
    assertThat(figures.get("patchBytes").asDouble())
        .isLessThan(0.01 * figures.get("fullBytes").asDouble());
    try (Stream<Path> left = Files.list(files)) {
      assertThat(left).isEmpty();
    }
  }
}

package dev.drpo.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told by the packaged command when the input can't be used. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class BadInputIT {
  private static final Path DATA = DrpoProcess.root().resolve("datasets/quickstart");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {train: nowhere.jsonl}   | nowhere.jsonl, which is no readable file",
        "policy: {path: nowhere}        | nowhere, which is no folder",
        "objective: {lamda: 0.1}        | unknown key objective.lamda",
        "objective: {lambda: 0}         | objective.lambda is 0",
        "training: {prompts-per-step: 2, mini-batches-per-step: 4} | mini-batches-per-step is 4",
        "kafka: {bootstrap-servers: 'kafka:9092'} | quickstart starts a broker of its own",
      })
  void aConfigurationThatCanNotBeHonouredIsRefusedBeforeAnythingStarts(String yaml, String message)
      throws Exception {
    assertRefused(yaml, message);
  }

  @Test
  void aPolicyWithoutWeightsIsRefusedBeforeAnythingStarts() throws Exception {
    Path policy = copyPolicy();
    Files.delete(policy.resolve("model.safetensors"));

    assertRefused(
        "policy: {path: policy}", policy.resolve("model.safetensors") + " does not exist");
  }

  @Test
  void aTensorOfTheWrongShapeIsRefusedBeforeAnythingStarts() throws Exception {
    Path config = copyPolicy().resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\"intermediate_size\" *: *\\d+", "\"intermediate_size\": 7"));

    assertRefused("policy: {path: policy}", "mlp.gate_proj.weight has shape");
  }

  @Test
  void aRunFolderInUseIsLeftAlone() throws Exception {
    Path kept = Files.createDirectories(folder.resolve("run")).resolve("report.json");
    Files.writeString(kept, "{}");

    try (DrpoProcess drpo = DrpoProcess.start(folder, "quickstart", "--out", "run")) {
      assertThat(drpo.awaitEnd()).isEqualTo(ExitCode.USAGE);
      assertThat(drpo.output()).contains("is not empty; pass --resume");
    }
    assertThat(folder.resolve("run").toFile().listFiles()).containsExactly(kept.toFile());
  }

  @Test
  void aMalformedLineEndsTheRunWithItsFileAndNumber() throws Exception {
    List<String> lines = Files.readAllLines(DATA.resolve("train.jsonl")).subList(0, 8);
    Path train = folder.resolve("train.jsonl");
    Files.write(
        train, Stream.concat(lines.stream(), Stream.of("{\"id\": \"x\", \"gold\": ")).toList());

    try (DrpoProcess drpo = start("data: {train: train.jsonl}")) {
      assertThat(drpo.awaitEnd()).isEqualTo(ExitCode.FAILED);
      assertThat(drpo.output())
          .contains(train + ", line 9: it is not JSON")
          .contains("logs:   " + folder.resolve("run/logs"))
          .doesNotContain("is not ready");
      assertThat(drpo.survivors()).isEmpty();
    }
  }

  private void assertRefused(String yaml, String message) throws Exception {
    try (DrpoProcess drpo = start(yaml)) {
      assertThat(drpo.awaitEnd()).isEqualTo(ExitCode.USAGE);
      assertThat(drpo.output()).startsWith("drpo: ").contains(message).hasLineCount(1);
    }
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private DrpoProcess start(String yaml) throws IOException {
    Path config = Files.writeString(folder.resolve("my.yaml"), yaml + "\n");
    return DrpoProcess.start(folder, "quickstart", "--config", config.toString(), "--out", "run");
  }

  private Path copyPolicy() throws IOException {
    Path policy = Files.createDirectory(folder.resolve("policy"));
    try (Stream<Path> files = Files.list(DATA.resolve("policy"))) {
      for (Path file : files.toList()) {
        Files.copy(file, policy.resolve(file.getFileName()));
      }
    }
    return policy;
  }
}

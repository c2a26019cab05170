package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrackingConfigTest {
  @TempDir Path folder;

  private static RunConfig config(String... pairs) {
    return ConfigLoader.load(
        null, Map.of(), pairs.length == 0 ? Map.of() : Map.of(pairs[0], pairs[1]));
  }

  private static Optional<Path> events(RunConfig config) {
    return config.tracking().eventFolder(config.run());
  }

  @Test
  void nobodyIsToldByDefault() {
    assertThat(events(config())).isEmpty();
    assertThat(config().tracking().mlflowServer()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, runs/drpo/tensorboard", "/boards, /boards/drpo", "false,"})
  void eventFilesLieInTheRunsFolderOrInOneOfItsNameElsewhere(String said, Path folder) {
    assertThat(events(config("tracking.tensorboard", said))).isEqualTo(Optional.ofNullable(folder));
  }

  @Test
  void yamlMaySayTrueAsItIsUsedTo() throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, "tracking: {tensorboard: true, mlflow: 'http://localhost:5000'}\n");
    RunConfig config = ConfigLoader.load(file, Map.of(), Map.of());
    assertThat(events(config)).contains(Path.of("runs/drpo/tensorboard"));
    assertThat(config.tracking().mlflowServer()).contains(URI.create("http://localhost:5000"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mlflow.example.org", "ftp://host", "https://", "http://a b", "http://h/?q=1"})
  void whatIsNoAddressOfAServerIsRefused(String address) {
    assertThatThrownBy(() -> config("tracking.mlflow", address))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracking.mlflow")
        .hasMessageContaining("it must be an http or https address");
  }

  @Test
  void anExperimentHasAName() {
    assertThatThrownBy(() -> config("tracking.experiment", " "))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracking.experiment");
  }
}

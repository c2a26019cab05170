package dev.drpo.cli.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalFilesTest {
  @TempDir private Path folder;

  @Test
  void aRunCanStartFromThem() throws IOException {
    RehearsalFiles files =
        new RehearsalFiles(Path.of("../datasets/quickstart"), folder.resolve("rehearsal"));

    files.write(RehearsalShape.TINY.policy());

    PolicyFolder policy = new PolicyFolder(files.policy());
    policy.requireLoadable();
    assertThat(policy.config()).isEqualTo(RehearsalShape.TINY.policy());
    RunConfig config = ConfigLoader.load(files.configuration(), Map.of(), Map.of());
    assertThat(config.policy().path()).isEqualTo(files.policy());
    assertThat(config.training().steps()).isEqualTo(2);
    assertThat(Files.readAllLines(config.data().train()))
        .hasSize(16)
        .allMatch(line -> line.contains("\"gold\":\"7\""));
  }
}

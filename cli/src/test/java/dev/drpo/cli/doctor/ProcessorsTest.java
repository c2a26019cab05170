package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorsTest {
  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({"Linux, amd64, false", "Linux, aarch64, true", "Mac OS X, amd64, true"})
  void runsNeedLinuxOnX86(String system, String architecture, boolean failed) {
    assertThat(Processors.platform(system, architecture).hasFailed()).isEqualTo(failed);
  }

  @ParameterizedTest
  @CsvSource({"max 100000, ''", "150000 100000, 1.5", "800000 100000, 8.0"})
  void aControlGroupsLimitIsInCores(String text, String cores) throws IOException {
    Path file = root.resolve("sys/fs/cgroup/cpu.max");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");

    assertThat(Processors.limit(new Host(root, Map.of())).orElse("")).isEqualTo(cores);
  }

  @Test
  void whatTheSystemDoesNotTellIsLeftOut() {
    assertThat(Processors.find(new Host(root, Map.of())).getLast().found())
        .matches("\\d+ of \\d+ cores");
  }
}

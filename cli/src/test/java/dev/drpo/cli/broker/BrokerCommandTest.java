package dev.drpo.cli.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command refuses before it starts anything, and the folder that it keeps or deletes. */
class BrokerCommandTest {
  @TempDir Path folder;
  private final StringWriter errors = new StringWriter();

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "many"})
  void whatIsNoPortIsRefused(String port) {
    assertThat(execute("--port", port)).isEqualTo(ExitCode.USAGE);
    assertThat(errors.toString()).contains("--port").contains(port);
  }

  @Test
  void aTemporaryFolderIsDeletedWithAllThatItHolds() throws IOException {
    DataFolder temporary = DataFolder.open(null);
    Files.createDirectories(temporary.records().resolve("topic-0"));
    Files.writeString(temporary.log(), "started");

    temporary.close();

    assertThat(temporary.path()).doesNotExist();
  }

  @Test
  void aNamedFolderIsMadeAndStays() throws IOException {
    DataFolder named = DataFolder.open(folder.resolve("a/b"));
    Files.createDirectories(named.records());

    named.close();

    assertThat(folder.resolve("a/b/kafka")).isDirectory();
  }

  @Test
  void aFolderThatCanNotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(file.resolve("data").toString())
        .hasMessageContaining("--data");
  }

  private int execute(String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "broker";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return Drpo.commandLine().setErr(new PrintWriter(errors, true)).execute(words);
  }
}

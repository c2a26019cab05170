package dev.drpo.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
  @TempDir Path folder;

  @Test
  void whatEarlierProcessesWroteIsLeftOut() throws Exception {
    Path log = Files.writeString(folder.resolve("a.log"), "READY 127.0.0.1:1\n");
    Output output = Output.startingAt(log);
    Files.writeString(log, "starting\n", StandardOpenOption.APPEND);

    assertThat(output.text()).isEqualTo("starting\n");
  }

  @Test
  void theTailHasTheLastLinesThatSaySomething() throws Exception {
    Path log =
        Files.write(
            folder.resolve("a.log"), IntStream.range(0, 30).mapToObj(i -> "line " + i).toList());
    Files.writeString(
        log,
        "\nCaused by: disk full\n\tat a.B.c(B.java:1)\n\t... 12 more\n",
        StandardOpenOption.APPEND);

    assertThat(new Output(log, 0).explanation())
        .hasSize(12)
        .startsWith("line 19")
        .endsWith("line 29", "Caused by: disk full");
  }
}

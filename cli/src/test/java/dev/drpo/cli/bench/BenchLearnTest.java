package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchLearnTest {
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

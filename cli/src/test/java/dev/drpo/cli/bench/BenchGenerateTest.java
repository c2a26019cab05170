package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchGenerateTest {
  @TempDir Path folder;

  @Test
  void whatCanNotBeMeasuredIsRefusedBeforeAnythingIs() {
    assertThat(refusal("--rounds", "0")).contains("--rounds is 0; it must be from 1 to 1000");
    assertThat(refusal("--threads", "100000")).contains("--threads is 100000; this machine has");
    assertThat(refusal("--json", folder.resolve("none/bench.json").toString()))
        .contains("is no folder that can be written to");
  }

  private static String refusal(String... options) {
    List<String> arguments = new ArrayList<>(List.of("bench", "generate"));
    arguments.addAll(List.of(options));
    StringWriter errors = new StringWriter();
    int code =
        Drpo.commandLine()
            .setErr(new PrintWriter(errors, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(code).isEqualTo(ExitCode.USAGE);
    return errors.toString();
  }
}

package dev.drpo.cli.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command between real pipes, in a locale that has no UTF-8. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class JudgeProcessIT {
  private static final String LINE = "{\"id\":\"½\",\"gold\":\"7\",\"answer\":\"7\"}\n";

  @TempDir Path folder;

  private Process drpo;

  @AfterEach
  void end() {
    if (drpo != null) {
      drpo.destroyForcibly();
    }
  }

  @Test
  void itTalksLineByLine() throws Exception {
    start("judge");
    BufferedReader verdicts = drpo.inputReader(StandardCharsets.UTF_8);
    try (OutputStream requests = drpo.getOutputStream()) {
      for (int i = 0; i < 3; i++) {
        requests.write(LINE.getBytes(StandardCharsets.UTF_8));
        requests.flush();

        assertThat(verdicts.readLine()).startsWith("{\"id\":\"½\",\"verdict\":\"EQUAL\"");
      }
    }

    assertThat(verdicts.readLine()).isNull();
    assertThat(errors()).startsWith("judged 3 lines");
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);
  }

  @Test
  void itEndsQuietlyWhenItsReaderHasSeenEnough() throws Exception {
    Path endless = folder.resolve("long.jsonl");
    Files.writeString(endless, LINE.repeat(100_000));
    start("judge", endless.toString());

    try (BufferedReader verdicts = drpo.inputReader(StandardCharsets.UTF_8)) {
      assertThat(verdicts.readLine()).contains("EQUAL");
    }

    assertThat(errors()).isEmpty();
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OUTPUT_CLOSED);
  }

  @Test
  void aMalformedLineShowsInTheExitCode() throws Exception {
    Path file = Files.writeString(folder.resolve("some.jsonl"), LINE + "oops\n" + LINE);
    start("judge", file.toString());

    String output = new String(drpo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output.lines()).hasSize(3).element(1).asString().startsWith("{\"line\":2,\"error\"");
    assertThat(errors()).contains("judged 2 lines", "1 malformed", "EQUAL");
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void itExplainsAPair() throws Exception {
    start("judge", "--explain", "1/2", "0.5");

    String output = new String(drpo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output.lines().toList().getLast()).matches("verdict +EQUAL .*");
    assertThat(drpo.waitFor()).isEqualTo(ExitCode.OK);
  }

  private void start(String... arguments) throws IOException {
    ProcessBuilder builder = DrpoProcess.prepare(folder, arguments);
    builder.environment().put("LC_ALL", "C");
    drpo = builder.start();
  }

  private String errors() throws IOException {
    return new String(drpo.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}

package dev.drpo.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.dashboard.Dashboard;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardCommandTest {
  @TempDir Path folder;

  private Path run(String path) throws IOException {
    Path run = Files.createDirectories(folder.resolve(path));
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1}\n");
    return run;
  }

  private static String refusal(Object... arguments) {
    StringWriter err = new StringWriter();
    String[] words =
        Stream.concat(Stream.of("dashboard"), Stream.of(arguments).map(String::valueOf))
            .toArray(String[]::new);
    assertThat(Drpo.commandLine().setErr(new PrintWriter(err)).execute(words))
        .isEqualTo(ExitCode.USAGE);
    return err.toString();
  }

  private static String page(List<Path> folders) throws IOException {
    return new String(
        new Dashboard(RunFolders.runs(folders)).get("api/page", null).body(),
        StandardCharsets.UTF_8);
  }

  @Test
  void aComparisonsFolderStandsForItsRuns() throws IOException {
    run("study/runs/drpo");
    run("study/runs/grpo");
    Files.createDirectories(folder.resolve("study/runs/not-begun"));
    assertThat(page(List.of(folder.resolve("study"))))
        .contains("[{\"name\":\"drpo\"},{\"name\":\"grpo\"}]");
  }

  @Test
  void runsOfOneNameAreToldApartByTheirFoldersAndNoneComesTwice() throws IOException {
    List<Path> same = List.of(run("a/seed-1"), run("b/seed-1"), folder.resolve("a/../a/seed-1"));
    assertThat(page(same)).contains("[{\"name\":\"a/seed-1\"},{\"name\":\"b/seed-1\"}]");
  }

  @Test
  void aFolderWithoutARunIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("a/b/c/too-deep"));
    run("a/b/c/too-deep");
    assertThat(refusal(folder.resolve("a"))).contains("holds no run", "metrics.jsonl");
    assertThat(refusal(folder.resolve("absent"))).contains("absent holds no run");
    assertThat(refusal()).contains("RUN");
  }

  @Test
  void moreRunsThanAPageShowsAreRefused() throws IOException {
    for (int i = 0; i <= 64; i++) {
      run("many/run-" + i);
    }
    assertThat(refusal(folder.resolve("many"))).contains("65 runs are too many", "64");
  }

  @Test
  void aPortThatCanNotBeListenedOnIsRefused() throws IOException {
    Path run = run("run");
    assertThat(refusal("--port", 65_536, run)).contains("--port is 65536");
    assertThat(refusal("--port", -1, run)).contains("--port is -1");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("--port", taken.getLocalPort(), run))
          .contains("--port " + taken.getLocalPort() + " is taken");
    }
  }
}

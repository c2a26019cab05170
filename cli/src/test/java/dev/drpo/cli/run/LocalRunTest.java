package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.runtime.process.JavaCommand;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRunTest {
  private static final int PROCESSES = 5;

  @TempDir Path folder;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void aCompletedRunShowsTheComparisonAndTheResults() throws Exception {
    assertThat(run(FakeService.COMPLETES)).isEqualTo(ExitCode.OK);

    assertThat(output())
        .contains("broker is ready")
        .contains("rollout-2 is ready")
        .containsPattern("dashboard: http://127\\.0\\.0\\.1:\\d+/dashboard/")
        .containsPattern("watched at http://127\\.0\\.0\\.1:\\d+/dashboard/")
        .contains("training: 3 steps")
        .contains("step 2/3: accuracy 0.800")
        .contains("mean length           90.0      30.0    -66.7%")
        .contains("report   " + folder.resolve("report.html"))
        .contains("logs     " + folder.resolve("logs"));
    assertThat(folder.resolve("run.yaml")).isNotEmptyFile();
    assertThat(children()).isEmpty();
  }

  @Test
  void aReplicaHasTheTimeThatItsPolicyTakesToRead() throws Exception {
    assertThat(LocalRun.patience(0)).isEqualTo(Duration.ofMinutes(2));
    assertThat(LocalRun.patience(15_000_000_000L)).isEqualTo(Duration.ofMinutes(7));
    Files.write(folder.resolve("model.safetensors"), new byte[3000]);
    Files.write(folder.resolve("config.json"), new byte[200]);
    assertThat(PolicyWeights.fileBytes(folder)).isEqualTo(3200);
    assertThat(PolicyWeights.fileBytes(folder.resolve("absent"))).isZero();
  }

  @Test
  void aFailureOfTheLearnerIsPassedOnWithTheWayToResume() throws Exception {
    assertThat(run(FakeService.FAILS)).isEqualTo(ExitCode.FAILED);

    assertThat(output())
        .contains("the run failed: train.jsonl, line 3: gold is missing; add it")
        .contains("resume: ./drpo go-on " + folder);
    assertThat(children()).isEmpty();
  }

  @Test
  void theLearnersDeathFailsTheRunWithItsLastWords() throws Exception {
    assertThat(run(FakeService.DIES)).isEqualTo(ExitCode.FAILED);

    assertThat(output())
        .contains("learner ended unexpectedly (exit code 3)")
        .contains("tensor engine: out of memory")
        .contains(folder.resolve("logs/learner.log").toString());
    assertThat(children()).isEmpty();
  }

  @Test
  void anInterruptStopsEveryProcessAndTellsHowToGoOn() throws Exception {
    Process command = start();
    List<ProcessHandle> services = awaitTraining(command);

    new ProcessBuilder("kill", "-INT", String.valueOf(command.pid())).start().waitFor();

    String rest = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(command.waitFor()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(services).noneMatch(ProcessHandle::isAlive);
    assertThat(rest).contains("interrupted").contains("./drpo go-on " + folder);
  }

  @Test
  void aKilledReplicaIsReplacedWhileTheRunGoesOn() throws Exception {
    Process command = start();
    List<ProcessHandle> services = awaitTraining(command);
    ProcessHandle lastStarted =
        services.stream().max((a, b) -> Long.compare(a.pid(), b.pid())).orElseThrow();

    lastStarted.destroyForcibly();

    try (BufferedReader lines = command.inputReader()) {
      assertThat(lines.lines().anyMatch(line -> line.contains("restarting it (1 of 3)"))).isTrue();
      assertThat(lines.lines().anyMatch(line -> line.startsWith("step "))).isTrue();
      command.destroy();
      command.waitFor();
    }
  }

  @Test
  void aKilledCommandLeavesNoProcess() throws Exception {
    Process command = start();
    List<ProcessHandle> services = awaitTraining(command);

    command.destroyForcibly().waitFor();

    for (ProcessHandle service : services) {
      service.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  private int run(String behaviour) throws Exception {
    return FakeRun.run(folder, behaviour, new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Process start() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(hearingInterrupts());
    words.addAll(
        new JavaCommand(
                64,
                List.of(
                    "-cp",
                    System.getProperty("java.class.path"),
                    FakeRun.class.getName(),
                    folder.toString(),
                    FakeService.ENDLESS))
            .words());
    return new ProcessBuilder(words).redirectErrorStream(true).start();
  }

  /**
   * Words that give a command back the interrupt, where the system has them. A test suite that a
   * script runs in its background inherits an ignored one, which no Java program can undo.
   */
  private static List<String> hearingInterrupts() throws IOException, InterruptedException {
    List<String> words = List.of("env", "--default-signal=INT");
    List<String> probe = new ArrayList<>(words);
    probe.add("true");
    return new ProcessBuilder(probe).start().waitFor() == 0 ? words : List.of();
  }

  private static List<ProcessHandle> awaitTraining(Process command) throws IOException {
    BufferedReader lines = command.inputReader();
    String line = lines.readLine();
    while (line != null && !line.startsWith("step ")) {
      line = lines.readLine();
    }
    List<ProcessHandle> services = command.children().toList();
    assertThat(services).hasSize(PROCESSES);
    return services;
  }

  private static List<ProcessHandle> children() {
    return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
  }
}

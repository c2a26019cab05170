package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.ParentWatch;
import dev.drpo.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The packaged learner as a process of its own, as in its image. */
final class LearnerProcess implements AutoCloseable {
  private static final int KILLED = 128 + 9;
  private static final int ENDED = 128 + 15;

  private final Process process;
  private final Path log;

  private LearnerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts or resumes a run; what the process prints goes to a file.
   *
   * @param tuning further options of the virtual machine
   */
  static LearnerProcess start(RunConfig config, Path log, String... tuning) throws IOException {
    Path file = Files.writeString(log.resolveSibling("run.yaml"), ConfigLoader.toYaml(config));
    Path application =
        Path.of(System.getProperty("drpo.root"), "learner-service/target/quarkus-app");
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // It lives for seconds.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    words.addAll(List.of(tuning));
    words.addAll(List.of("-jar", application.resolve("quarkus-run.jar").toString()));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("DRPO_"));
    builder.environment().put(ConfigLoader.FILE_VARIABLE, file.toString());
    builder
        .environment()
        .put(ParentWatch.PARENT_VARIABLE, Long.toString(ProcessHandle.current().pid()));
    builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
    builder.environment().put("QUARKUS_HTTP_PORT", "0");
    builder.environment().put("QUARKUS_GRPC_SERVER_PORT", "0");
    return new LearnerProcess(builder.start(), log);
  }

  /** Ends it as a power cut would, at once and without a last word. */
  void kill() throws InterruptedException {
    assertThat(process.isAlive()).as(output()).isTrue();
    process.destroyForcibly();
    assertThat(process.waitFor()).isEqualTo(KILLED);
  }

  /** Asks it to end, as a platform does, and waits until it has. */
  void end() throws InterruptedException {
    assertThat(process.isAlive()).as(output()).isTrue();
    process.destroy();
    assertThat(process.waitFor()).as(output()).isEqualTo(ENDED);
  }

  /** Fails, with what it printed, if it has ended. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("the learner ended:\n" + output());
    }
  }

  /** Waits until the run is complete. */
  void awaitCompletion() {
    Await.until(
        "the end of the run",
        () -> {
          requireAlive();
          return output().contains("the run is complete");
        });
  }

  /** Memory that it has in RAM, files that it has mapped included. */
  long residentKibibytes() throws IOException {
    return Files.readAllLines(proc("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** Files and sockets that it holds open, and files below a folder that it has mapped. */
  long handles(Path folder) throws IOException {
    try (Stream<Path> open = Files.list(proc("fd"));
        Stream<String> mapped = Files.lines(proc("maps"))) {
      return open.count() + mapped.filter(line -> line.contains(folder.toString())).count();
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /** What it has printed so far. */
  String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}

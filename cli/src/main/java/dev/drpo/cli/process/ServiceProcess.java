package dev.drpo.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One operating-system process of a service, from its start to its end. */
public final class ServiceProcess {
  /**
   * A terminal sends its interrupt and hang-up to everything that it runs. The process ignores
   * both, so that it ends in the supervisor's order; the shell is replaced by the command and adds
   * no process.
   */
  private static final List<String> WITHOUT_TERMINAL_SIGNALS =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

  private static final File NOTHING = new File("/dev/null");

  private static final Pattern PORT_TAKEN =
      Pattern.compile(
          "address already in use|already bound|in use by another process",
          Pattern.CASE_INSENSITIVE);

  private final String name;
  private final Ports ports;
  private final Output output;
  private final Process process;

  private ServiceProcess(String name, Ports ports, Output output, Process process) {
    this.name = name;
    this.ports = ports;
    this.output = output;
    this.process = process;
  }

  /**
   * Starts a service on its ports.
   *
   * @throws ProcessFailure if the command can't be started or the log can't be written
   */
  static ServiceProcess start(ServiceSpec service, Ports ports) throws ProcessFailure {
    ServiceSpec.Launch launch = service.launch().apply(ports);
    List<String> command = new ArrayList<>(WITHOUT_TERMINAL_SIGNALS);
    command.addAll(launch.command());
    try {
      Files.createDirectories(service.log().toAbsolutePath().getParent());
      Output output = Output.startingAt(service.log());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(NOTHING)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(service.log().toFile()));
      builder.environment().clear();
      builder.environment().putAll(launch.environment());
      return new ServiceProcess(service.name(), ports, output, builder.start());
    } catch (IOException e) {
      throw new ProcessFailure("can't start " + service.name() + ": " + e.getMessage(), e);
    }
  }

  public String name() {
    return name;
  }

  /** The ports that it was told to listen on. */
  public Ports ports() {
    return ports;
  }

  public long pid() {
    return process.pid();
  }

  /** Time that it has used of the processors since it started; zero where that is not known. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  public Output output() {
    return output;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Meaningful once the process has ended. */
  int exitCode() {
    return process.exitValue();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** Whether it ended because another process listens on one of its ports. */
  boolean foundPortTaken() {
    return !process.isAlive() && PORT_TAKEN.matcher(output.text()).find();
  }

  /** Ends the process at once, as a crash does, and waits for its end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Sends the process a signal that Java has no call for.
   *
   * @param signal its name, such as {@code STOP}
   * @throws ProcessFailure if the system can't send it
   */
  void signal(String signal) throws ProcessFailure, InterruptedException {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(NOTHING)
              .start()
              .waitFor();
      if (code != 0 && process.isAlive()) {
        throw new ProcessFailure(
            "kill -%s %d failed (exit code %d)".formatted(signal, process.pid(), code));
      }
    } catch (IOException e) {
      throw new ProcessFailure(
          "can't send %s to %s: %s".formatted(signal, name, e.getMessage()), e);
    }
  }

  /**
   * Ends the process and its descendants: asks first, kills what is left after the patience. On
   * return nothing of it runs, interrupted or not.
   */
  void stop(Duration patience) {
    List<ProcessHandle> tree =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    boolean interrupted = false;
    try {
      process.waitFor(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    tree.forEach(ProcessHandle::destroyForcibly);
    tree.stream().map(ProcessHandle::onExit).forEach(CompletableFuture::join);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

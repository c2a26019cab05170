package dev.drpo.cli.images;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs programs of a path; what they tell goes to one place. */
final class Programs {
  private final String path;
  private final PrintWriter told;

  Programs(PrintWriter told) {
    this(System.getenv().getOrDefault("PATH", ""), told);
  }

  Programs(String path, PrintWriter told) {
    this.path = path;
    this.told = told;
  }

  boolean has(String program) {
    return places(program).findFirst().isPresent();
  }

  private Stream<Path> places(String program) {
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable);
  }

  /** Runs a command, and tells what it tells. */
  void run(List<String> command) throws InterruptedException {
    ended(command, execute(command, told::println));
  }

  /** What a command writes. */
  String output(List<String> command) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    ended(command, execute(command, line -> text.append(line).append('\n')));
    return text.toString();
  }

  boolean succeeds(List<String> command) throws InterruptedException {
    return execute(command, _ -> {}) == 0;
  }

  private static void ended(List<String> command, int code) {
    if (code != 0) {
      throw new ProgramFailure(
          "'%s' ended with code %d; what it said stands above"
              .formatted(String.join(" ", command), code));
    }
  }

  private int execute(List<String> command, Consumer<String> lines) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
    places(command.getFirst()).findFirst().ifPresent(it -> builder.command().set(0, it.toString()));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        reader.lines().forEach(lines);
        told.flush();
        return process.waitFor();
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new ProgramFailure("'%s' can't be run: %s".formatted(command.getFirst(), e));
    }
  }
}

package dev.drpo.cli.quickstart;

import dev.drpo.runtime.process.JavaCommand;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The packaged command as a process of its own, as the launcher runs it, and the services that it
 * starts. Ends with all of them when it is closed.
 */
public final class DrpoProcess implements AutoCloseable {
  private static final int HEAP_MEGABYTES = 512;

  private final Process process;
  private final BufferedReader reader;
  private final List<String> lines = new ArrayList<>();
  private final Set<ProcessHandle> services = new HashSet<>();

  private DrpoProcess(Process process) {
    this.process = process;
    this.reader = process.inputReader();
  }

  /** The repository under test. */
  public static Path root() {
    return Path.of(System.getProperty("drpo.root"));
  }

  /** Starts the command in a directory. */
  public static DrpoProcess start(Path current, String... arguments) throws IOException {
    return new DrpoProcess(prepare(current, arguments).redirectErrorStream(true).start());
  }

  /** The command in a directory, not yet started. */
  public static ProcessBuilder prepare(Path current, String... arguments) throws IOException {
    List<String> program =
        new ArrayList<>(
            List.of(
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Ddrpo.root=" + root(),
                "-cp",
                jar("cli") + File.pathSeparator + root().resolve("cli/target/lib/*"),
                "dev.drpo.cli.Drpo"));
    program.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(new JavaCommand(HEAP_MEGABYTES, program).words())
            .directory(current.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DRPO_"));
    return builder;
  }

  /** The packaged jar of a module that is no Quarkus application. */
  static Path jar(String module) throws IOException {
    Path target = root().resolve(module).resolve("target");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, module + "-*.jar")) {
      return jars.iterator().next();
    }
  }

  /** Reads the output until a line satisfies the condition; fails if there is none. */
  String awaitLine(Predicate<String> condition) throws IOException {
    for (String line = next(); line != null; line = next()) {
      if (condition.test(line)) {
        return line;
      }
    }
    throw new AssertionError("the command ended before it printed that line:\n" + output());
  }

  /** Reads the output to its end and gives the exit code. */
  public int awaitEnd() throws IOException, InterruptedException {
    while (next() != null) {}
    return process.waitFor();
  }

  /** Everything printed so far. */
  public String output() {
    return String.join("\n", lines);
  }

  /** The running processes of a service, such as {@code learner-service}, in starting order. */
  List<ProcessHandle> running(String module) {
    return process
        .children()
        .filter(child -> isOf(child, module))
        .sorted(
            Comparator.comparing((ProcessHandle child) -> child.info().startInstant().orElseThrow())
                .thenComparingLong(ProcessHandle::pid))
        .toList();
  }

  /** The processes that the command started and that still run. */
  public List<ProcessHandle> survivors() {
    return services.stream().filter(ProcessHandle::isAlive).toList();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    services.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String next() throws IOException {
    String line = reader.readLine();
    if (line != null) {
      lines.add(line);
      process.descendants().forEach(services::add);
    }
    return line;
  }

  private static boolean isOf(ProcessHandle process, String module) {
    return process.info().arguments().stream()
        .flatMap(Stream::of)
        .anyMatch(argument -> argument.contains(module));
  }
}

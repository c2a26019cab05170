package dev.drpo.cli.compare;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.reports.ReportWriter;
import dev.drpo.reports.RunReport;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.JavaCommand;
import dev.drpo.runtime.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Trains a comparison's runs, some side by side, each by {@code drpo train} in a process of its
 * own. A run that is complete is not trained again, and one that was begun goes on.
 */
final class CellRuns {
  private static final int HEAP_MEGABYTES = 256;

  /** What a run on this machine chooses by itself. */
  private static final Set<String> PLACES =
      Set.of("run.directory", "kafka.bootstrap-servers", "learner.address");

  private final Path folder;
  private final Map<String, String> base;
  private final int sideBySide;
  private final Consumer<String> notices;

  /**
   * Runs in a folder.
   *
   * @param base keys that all runs share
   * @param sideBySide how many train at once
   * @param notices is told what a person should know
   */
  CellRuns(Path folder, Map<String, String> base, int sideBySide, Consumer<String> notices) {
    this.folder = folder;
    this.base = base;
    this.sideBySide = sideBySide;
    this.notices = notices;
  }

  /** Where a run lies. */
  Path folder(Cell cell) {
    return folder.resolve("runs").resolve(cell.slug());
  }

  /**
   * Trains what is not complete.
   *
   * @return the runs that failed
   * @throws UsageError if a run lies there that was configured otherwise
   */
  List<Cell> complete(List<Cell> cells) throws InterruptedException, IOException {
    List<Cell> due = incomplete(cells);
    Files.createDirectories(folder.resolve("runs"));
    Files.createDirectories(folder.resolve("logs"));
    AtomicInteger ended = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(sideBySide)) {
      Map<Cell, Future<Boolean>> running = new LinkedHashMap<>();
      for (Cell cell : due) {
        running.put(
            cell,
            threads.submit(
                () -> {
                  boolean succeeded = train(cell);
                  tell(cell, succeeded, ended.incrementAndGet(), due.size());
                  return succeeded;
                }));
      }
      try {
        return failed(running);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        throw e;
      }
    }
  }

  /**
   * Those that are not complete.
   *
   * @throws UsageError if a run lies there that was configured otherwise
   */
  List<Cell> incomplete(List<Cell> cells) {
    cells.forEach(this::requireSame);
    return cells.stream().filter(cell -> !isComplete(cell)).toList();
  }

  private static List<Cell> failed(Map<Cell, Future<Boolean>> running)
      throws InterruptedException, IOException {
    List<Cell> failed = new ArrayList<>();
    for (Map.Entry<Cell, Future<Boolean>> run : running.entrySet()) {
      try {
        if (!run.getValue().get()) {
          failed.add(run.getKey());
        }
      } catch (ExecutionException e) {
        throw new IOException("a run can't be started: " + e.getCause().getMessage(), e);
      }
    }
    return failed;
  }

  private boolean isComplete(Cell cell) {
    return Files.isRegularFile(folder(cell).resolve("report.json"));
  }

  /** Two comparisons in one folder would mix their runs. */
  private void requireSame(Cell cell) {
    Path configuration = folder(cell).resolve("run.yaml");
    if (!Files.isRegularFile(configuration)) {
      return;
    }
    Map<String, String> there =
        ConfigLoader.toKeys(ConfigLoader.load(configuration, Map.of(), Map.of()));
    Map<String, String> here = ConfigLoader.toKeys(cell.configuration(base));
    Map<String, String> given = cell.keys(base);
    // What is given comes first, since it is what a person has changed.
    Stream.concat(given.keySet().stream().filter(here::containsKey), here.keySet().stream())
        .filter(key -> !PLACES.contains(key))
        // A path that a preset names is the repository's.
        .filter(key -> given.containsKey(key) || !Comparison.PATHS.contains(key))
        .filter(key -> !comparable(key, here.get(key)).equals(there.get(key)))
        .findFirst()
        .ifPresent(
            key -> {
              throw new UsageError(
                  "%s is a run with %s %s, but the comparison has %s now; give another folder with --out, or remove that run"
                      .formatted(folder(cell), key, there.get(key), here.get(key)));
            });
  }

  /** A run keeps the paths that it was given as absolute ones. */
  private static String comparable(String key, String value) {
    return Comparison.PATHS.contains(key)
        ? Path.of(value).toAbsolutePath().normalize().toString()
        : value;
  }

  /** Trains in a process of its own; true if it came to its end. */
  private boolean train(Cell cell) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("-Ddrpo.root=" + System.getProperty("drpo.root", "")));
    words.addAll(List.of("-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.addAll(List.of(ParentWatch.class.getName(), "dev.drpo.cli.Drpo", "train"));
    words.addAll(List.of("--out", folder(cell).toString()));
    Map<String, String> keys = cell.keys(base);
    if (keys.containsKey("preset")) {
      words.addAll(List.of("--preset", keys.remove("preset")));
    } else {
      // Without a file of its own, a run is described by its keys and the defaults.
      words.addAll(List.of("--config", empty().toString()));
    }
    keys.forEach((key, value) -> words.add(key + "=" + value));
    ProcessBuilder builder =
        new ProcessBuilder(new JavaCommand(HEAP_MEGABYTES, words).words())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(cell).toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("DRPO_"));
    builder
        .environment()
        .put(ParentWatch.PARENT_VARIABLE, String.valueOf(ProcessHandle.current().pid()));
    Process process = builder.start();
    try {
      return process.waitFor() == ExitCode.OK;
    } catch (InterruptedException e) {
      process.destroy();
      // It ends its services in order, and a comparison leaves no process behind.
      process.onExit().join();
      throw e;
    }
  }

  private Path empty() throws IOException {
    Path file = folder.resolve("empty.yaml");
    if (!Files.exists(file)) {
      Files.writeString(file, "{}\n");
    }
    return file;
  }

  private Path log(Cell cell) {
    return folder.resolve("logs").resolve(cell.slug() + ".log");
  }

  private void tell(Cell cell, boolean succeeded, int ended, int all) throws IOException {
    if (!succeeded) {
      notices.accept("[%d/%d] %s: failed; %s".formatted(ended, all, cell, log(cell)));
      return;
    }
    RunReport report = ReportWriter.read(folder(cell).resolve("report.json"));
    notices.accept(
        String.format(
            Locale.ROOT,
            "[%d/%d] %s: accuracy %.3f, %.1f tokens, AES %+.2f, %.0f s",
            ended,
            all,
            cell,
            report.after().accuracy(),
            report.after().meanLength(),
            report.aes(),
            report.wallSeconds()));
  }
}

package dev.drpo.cli.eval;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.problems.DataException;
import dev.drpo.problems.ProblemFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which sets of problems to evaluate on, as the command line says. */
final class DataOptions {
  private static final String ENDING = ".jsonl";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description =
          "Problems, as JSON lines (see docs/training.md). Each file is a set, which is "
              + "called as the file is; of a folder, each of its .jsonl files is one.")
  private List<Path> data;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      split = ",",
      description = "Of all sets, only those named.")
  private List<String> names = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N problems of each set.")
  private Optional<Integer> limit = Optional.empty();

  /**
   * Reads the sets, in the order in which they were given.
   *
   * @throws UsageError if one is missing, malformed or unknown, or two have the same name
   */
  List<EvalSet> sets() {
    if (limit.isPresent() && limit.get() < 1) {
      throw new UsageError("--limit is " + limit.get() + "; it must be 1 or more");
    }
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path given : data) {
      for (Path file : Files.isDirectory(given) ? inside(given) : List.of(given)) {
        Path other = files.putIfAbsent(name(file), file);
        if (other != null) {
          throw new UsageError(
              "--data has two sets called %s, %s and %s; rename one of the files, or leave one out"
                  .formatted(name(file), other, file));
        }
      }
    }
    for (String name : names) {
      if (!files.containsKey(name)) {
        throw new UsageError(
            "--set is %s, which is unknown; the sets of --data are %s"
                .formatted(name, String.join(", ", files.keySet())));
      }
    }
    if (!names.isEmpty()) {
      files.keySet().retainAll(names);
    }
    List<EvalSet> sets = new ArrayList<>();
    files.forEach((name, file) -> sets.add(read(name, file)));
    return sets;
  }

  private EvalSet read(String name, Path file) {
    try {
      ProblemFile read = ProblemFile.read(file);
      int problems = Math.min(limit.orElse(Integer.MAX_VALUE), read.problems().size());
      return new EvalSet(name, file, read.sha256(), read.problems().subList(0, problems));
    } catch (DataException defect) {
      throw new UsageError("--data: " + defect.getMessage());
    }
  }

  private static List<Path> inside(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
      if (found.isEmpty()) {
        throw new UsageError(
            "--data is %s, a folder without any %s file; give files of problems"
                .formatted(folder, ENDING));
      }
      return found;
    } catch (IOException e) {
      throw new UsageError("--data is %s, which can't be listed: %s".formatted(folder, e));
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}

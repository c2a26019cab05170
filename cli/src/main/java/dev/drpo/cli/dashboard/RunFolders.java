package dev.drpo.cli.dashboard;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.dashboard.WatchedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the runs in the folders that a user names. */
final class RunFolders {
  /** More lines than that tell nobody anything. */
  private static final int MOST = 64;

  /** A comparison has its runs in a folder of its own. */
  private static final int DEPTH = 2;

  private RunFolders() {}

  /**
   * The runs in some folders: each is a run's, or holds those of several, as a comparison's does.
   *
   * @throws UsageError if one holds none, or they are too many to be shown
   */
  static List<WatchedRun> runs(List<Path> named) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path path : named) {
      Path folder = path.toAbsolutePath().normalize();
      List<Path> found = isRun(folder) ? List.of(folder) : below(folder, DEPTH);
      if (found.isEmpty()) {
        throw new UsageError(
            "%s holds no run (no metrics.jsonl or run.yaml), nor do the folders in it; name the folder of a run or of a comparison"
                .formatted(path));
      }
      folders.addAll(found);
    }
    if (folders.size() > MOST) {
      throw new UsageError(
          "%d runs are too many for one page, which shows at most %d; name some of them"
              .formatted(folders.size(), MOST));
    }
    return folders.stream().map(folder -> WatchedRun.in(name(folder, folders), folder)).toList();
  }

  private static boolean isRun(Path folder) {
    return Files.isRegularFile(folder.resolve("metrics.jsonl"))
        || Files.isRegularFile(folder.resolve("run.yaml"));
  }

  private static List<Path> below(Path folder, int depth) throws IOException {
    List<Path> found = new ArrayList<>();
    if (depth == 0 || !Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        found.addAll(isRun(child) ? List.of(child) : below(child, depth - 1));
      }
    }
    return found;
  }

  /** The shortest end of its path that no other run's has. */
  private static String name(Path folder, Set<Path> all) {
    for (int names = 1; names < folder.getNameCount(); names++) {
      Path end = folder.subpath(folder.getNameCount() - names, folder.getNameCount());
      if (all.stream().filter(other -> other.endsWith(end)).collect(Collectors.toSet()).size()
          == 1) {
        return end.toString();
      }
    }
    return folder.toString();
  }
}

package dev.drpo.cli.compare;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Comparisons that the repository has ready, by name. */
final class ShippedComparison {
  private static final SortedMap<String, String> FILES =
      new TreeMap<>(
          Map.of(
              "study", "datasets/study/full.yaml",
              "study-small", "datasets/study/small.yaml"));

  private ShippedComparison() {}

  /**
   * Reads one, with absolute paths.
   *
   * @param root the repository
   * @throws UsageError if there is none of that name
   */
  static Comparison read(Path root, String name) throws IOException {
    if (!FILES.containsKey(name)) {
      throw new UsageError(
          "--preset is %s; known are %s, and --config takes a file of yours"
              .formatted(name, String.join(", ", FILES.keySet())));
    }
    Comparison there = ComparisonFile.read(root.resolve(FILES.get(name)));
    Map<String, String> absolute = new LinkedHashMap<>();
    // Such a file names its paths from the repository's root.
    for (String key : Comparison.PATHS) {
      if (there.base().containsKey(key)) {
        absolute.put(key, root.resolve(there.base().get(key)).toString());
      }
    }
    return there.over(absolute);
  }
}

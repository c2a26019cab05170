package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run that was begun in a folder, as it was configured then.
 *
 * @param folder where it lies
 * @param config what it was last started with
 */
record Earlier(RunFolder folder, RunConfig config) {
  /** Keys that make a run this one: the learner could not go on with another value. */
  private static final List<String> FIXED_KEYS =
      List.of("run.id", "run.seed", "training.prompts-per-step");

  private static final List<String> EVER_FIXED_KEYS = List.of("run.id");

  static Earlier in(RunFolder folder) {
    return new Earlier(folder, ConfigLoader.load(folder.configuration(), Map.of(), Map.of()));
  }

  /**
   * Refuses a configuration of another run before it replaces this one's.
   *
   * @throws UsageError if there is no going on with it
   */
  void requireSameRun(RunConfig now) {
    Map<String, String> before = ConfigLoader.toKeys(config);
    Map<String, String> after = ConfigLoader.toKeys(now);
    for (String key : now.run().resumeChanged() ? EVER_FIXED_KEYS : FIXED_KEYS) {
      if (!before.get(key).equals(after.get(key))) {
        throw new UsageError(
            "the folder %s holds a run with %s %s, but it is now %s; restore it, or start a new run in another folder with --out"
                .formatted(folder, key, before.get(key), after.get(key)));
      }
    }
  }

  /** What differs from then, for people. */
  List<String> changes(RunConfig now) {
    Map<String, String> before = ConfigLoader.toKeys(config);
    List<String> changes = new ArrayList<>();
    ConfigLoader.toKeys(now)
        .forEach(
            (key, value) -> {
              if (!value.equals(before.get(key))) {
                changes.add("%s from %s to %s".formatted(key, before.get(key), value));
              }
            });
    return changes;
  }
}

package dev.drpo.cli.quickstart;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunChecks;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.run.RunLayers;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns what the user asked for into a {@link RunPlan}, or refuses. Nothing is written.
 *
 * @param root the repository, which the preset's paths are relative to
 * @param current the directory that the user's paths are relative to
 * @param environment variables, of which {@code DRPO_*} set keys
 * @param clock names new run folders
 */
public record Planning(Path root, Path current, Map<String, String> environment, Clock clock) {
  private static final String PRESET = "quickstart";

  /** Keys that belong to the run's first start: a resumed run could not honour a change. */
  private static final List<String> FIXED_KEYS =
      List.of("run.seed", "objective.name", "objective.lambda");

  /**
   * Plans a fresh run, or the continuation of one.
   *
   * @throws ConfigException if the configuration can't be honoured
   * @throws UsageError if the run folder or an input can't be used
   */
  public RunPlan plan(QuickstartOptions options) {
    RunPlan plan = options.resume() ? resumed(options) : fresh(options);
    RunChecks.check(plan);
    return plan;
  }

  private RunPlan fresh(QuickstartOptions options) {
    Map<String, String> layers = new HashMap<>(environment);
    layers.putIfAbsent(ConfigLoader.PRESET_VARIABLE, PRESET);
    RunLayers settings =
        new RunLayers(root, current, options.config(), layers, options.overrides());
    RunConfig asked = settings.asked();
    settings.refuse("kafka.bootstrap-servers", "quickstart starts a broker of its own");
    settings.refuse("learner.address", "quickstart chooses the learner's port");
    RunFolder folder =
        options.out().isEmpty() && !settings.given().has("run.directory")
            ? RunFolder.fresh(current.resolve("runs"), PRESET, clock)
            : RunFolder.named(current.resolve(options.out().orElse(asked.run().directory())));
    if (!folder.isEmpty()) {
      throw new UsageError(
          "the run folder "
              + folder
              + " is not empty; pass --resume to go on with its run, or another folder with --out");
    }
    return new RunPlan(folder, settings.in(folder), options.rollouts());
  }

  private RunPlan resumed(QuickstartOptions options) {
    RunFolder folder =
        new RunFolder(
            options
                .out()
                .map(out -> current.resolve(out).normalize())
                .orElseThrow(
                    () -> new UsageError("--resume needs --out with the folder of the run")));
    if (options.config().isPresent()
        || !Collections.disjoint(options.overrides().keySet(), FIXED_KEYS)) {
      throw new UsageError(
          "a resumed run keeps the configuration in "
              + folder.configuration()
              + "; drop --config, --seed, --objective and --lambda (--steps may change), or start a"
              + " new run without --resume");
    }
    if (!folder.holdsRun()) {
      throw new UsageError(
          "there is no run to resume in "
              + folder
              + ": it has no run.yaml; pass the folder of an earlier run");
    }
    Map<String, String> overrides = new HashMap<>(options.overrides());
    overrides.put("run.directory", folder.toString());
    return new RunPlan(
        folder,
        // The environment had its say when the run began.
        ConfigLoader.load(folder.configuration(), Map.of(), overrides),
        options.rollouts());
  }
}

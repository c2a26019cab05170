package dev.drpo.cli.quickstart;

import dev.drpo.cli.UsageError;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

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
    RunInputs.check(plan.config());
    DiskSpace.check(plan);
    return plan;
  }

  private RunPlan fresh(QuickstartOptions options) {
    Path file = options.config().map(current::resolve).orElse(null);
    Map<String, String> layers = new HashMap<>(environment);
    layers.putIfAbsent(ConfigLoader.PRESET_VARIABLE, PRESET);
    RunConfig asked = ConfigLoader.load(file, layers, options.overrides());
    RunConfig preset =
        ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, PRESET), Map.of());
    refuseForeignAddresses(asked, preset);

    RunFolder folder = folder(options, asked.run().directory(), preset.run().directory());
    Map<String, String> overrides = new HashMap<>(options.overrides());
    overrides.put("run.directory", folder.toString());
    overrides.put("data.train", absolute(asked.data().train(), preset.data().train()));
    overrides.put("data.heldout", absolute(asked.data().heldout(), preset.data().heldout()));
    overrides.put("policy.path", absolute(asked.policy().path(), preset.policy().path()));
    return new RunPlan(folder, ConfigLoader.load(file, layers, overrides), options.rollouts());
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
    if (!Files.isRegularFile(folder.configuration())) {
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

  private RunFolder folder(QuickstartOptions options, Path asked, Path preset) {
    if (options.out().isEmpty() && asked.equals(preset)) {
      return newFolder();
    }
    RunFolder folder = new RunFolder(current.resolve(options.out().orElse(asked)).normalize());
    if (Files.exists(folder.path()) && !Files.isDirectory(folder.path())) {
      throw new UsageError("the run folder " + folder + " is a file; pass another path with --out");
    }
    if (!folder.isEmpty()) {
      throw new UsageError(
          "the run folder "
              + folder
              + " is not empty; pass --resume to go on with its run, or another folder with --out");
    }
    return folder;
  }

  private RunFolder newFolder() {
    String name = PRESET + "-" + TIMESTAMP.format(LocalDateTime.now(clock));
    Path runs = current.resolve("runs");
    Path path = runs.resolve(name);
    for (int other = 2; Files.exists(path); other++) {
      path = runs.resolve(name + "-" + other);
    }
    return new RunFolder(path);
  }

  /** The preset's own path lies in the repository, wherever the command is called. */
  private String absolute(Path asked, Path preset) {
    return (Objects.equals(asked, preset) ? root : current).resolve(asked).normalize().toString();
  }

  private static void refuseForeignAddresses(RunConfig asked, RunConfig preset) {
    if (!asked.kafka().bootstrapServers().equals(preset.kafka().bootstrapServers())) {
      throw new ConfigException(
          "kafka.bootstrap-servers is "
              + asked.kafka().bootstrapServers()
              + "; quickstart starts a broker of its own, so leave the key out");
    }
    if (!asked.learner().address().equals(preset.learner().address())) {
      throw new ConfigException(
          "learner.address is "
              + asked.learner().address()
              + "; quickstart chooses the learner's port, so leave the key out");
    }
  }
}

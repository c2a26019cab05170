package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.Machine;
import dev.drpo.cli.run.ReplicaDevices;
import dev.drpo.cli.run.RunChecks;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.run.RunLayers;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.ConfigKeys;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.GivenKeys;
import dev.drpo.runtime.config.OnResume;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what the user asked for into a {@link RunPlan}, or refuses. Nothing is written.
 *
 * @param root the repository, which presets' paths are relative to
 * @param current the directory that the user's paths are relative to
 * @param environment variables, of which {@code DRPO_*} set keys
 * @param clock names new run folders
 * @param machine what the run may use
 */
public record TrainPlanning(
    Path root, Path current, Map<String, String> environment, Clock clock, Machine machine) {
  private static final String BROKER = "kafka.bootstrap-servers";
  private static final String ADDRESS = ".+:\\d{1,5}";

  /** The preset whose policy and data lie in the repository. */
  private static final String COMPLETE_PRESET = "quickstart";

  /**
   * Plans a fresh run, or the continuation of the one in the folder.
   *
   * @throws ConfigException if the configuration can't be honoured
   * @throws UsageError if something is missing or can't be used
   */
  public RunPlan plan(TrainOptions options) {
    RunPlan plan =
        switch (options.command()) {
          case TRAIN -> isNamed(options) ? described(options) : continued(options, held(options));
          case QUICKSTART -> described(options);
          case QUICKSTART_RESUME -> continued(options, resumed(options));
        };
    RunChecks.check(plan, machine);
    return plan;
  }

  private boolean isNamed(TrainOptions options) {
    return options.config().isPresent()
        || options.preset().isPresent()
        || environment.containsKey(ConfigLoader.PRESET_VARIABLE);
  }

  /** A run that is gone on with by its folder keeps the configuration that lies there. */
  private RunPlan continued(TrainOptions options, RunFolder folder) {
    // The environment had its say when the run began.
    RunLayers settings =
        new RunLayers(
            root, current, Optional.of(folder.configuration()), Map.of(), overrides(options));
    RunConfig config = settings.in(folder);
    return plan(folder, config, options, settings.overrides().containsKey(BROKER));
  }

  private RunFolder held(TrainOptions options) {
    return options
        .out()
        .map(out -> RunFolder.named(current.resolve(out)))
        .filter(RunFolder::holdsRun)
        .orElseThrow(
            () ->
                new UsageError(
                    "train needs a configuration: name its file with --config, or one of %s with --preset; to go on with a run, name its folder with --out"
                        .formatted(ConfigLoader.PRESETS)));
  }

  private RunFolder resumed(TrainOptions options) {
    RunFolder folder =
        options
            .out()
            .map(out -> RunFolder.named(current.resolve(out)))
            .orElseThrow(() -> new UsageError("--resume needs --out with the folder of the run"));
    if (options.config().isPresent()
        || options.overrides().keySet().stream().anyMatch(TrainPlanning::shapesRun)) {
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
    return folder;
  }

  private static boolean shapesRun(String key) {
    return ConfigKeys.find(key).filter(it -> it.onResume() == OnResume.SHAPES_RUN).isPresent();
  }

  private RunPlan described(TrainOptions options) {
    RunLayers settings =
        new RunLayers(root, current, options.config(), layers(options), overrides(options));
    RunConfig asked = settings.asked();
    GivenKeys given = settings.given();
    String command = options.command().word();
    if (options.command().isQuickstart()) {
      settings.refuse(BROKER, command + " starts a broker of its own");
    }
    settings.refuse("learner.address", command + " chooses the learner's port");
    settings.refuse("learner.exit-when-complete", command + " ends the learner itself");
    if (!given.has(BROKER)) {
      settings.refuse(
          "kafka.client-properties", command + " starts a broker of its own, which is plain");
    }
    requireInputs(asked, given);
    RunFolder folder =
        options.out().isEmpty() && !given.has("run.directory")
            ? RunFolder.fresh(current.resolve("runs"), asked.run().id(), clock)
            : RunFolder.named(current.resolve(options.out().orElse(asked.run().directory())));
    requireRoom(folder, options.command());
    return plan(folder, settings.in(folder), options, given.has(BROKER));
  }

  private static void requireRoom(RunFolder folder, TrainOptions.Command command) {
    if (folder.isEmpty()) {
      return;
    }
    if (command.isQuickstart()) {
      throw new UsageError(
          "the run folder "
              + folder
              + " is not empty; pass --resume to go on with its run, or another folder with --out");
    }
    if (!folder.holdsRun()) {
      throw new UsageError(
          "the folder "
              + folder
              + " is not empty and holds no run (no run.yaml); name another one with --out");
    }
  }

  private RunPlan plan(
      RunFolder folder, RunConfig config, TrainOptions options, boolean brokerGiven) {
    if (!folder.holdsRun()) {
      return new RunPlan(
          folder,
          config,
          ReplicaDevices.of(config, options.rollouts(), machine),
          brokerGiven ? Optional.of(config.kafka().bootstrapServers()) : Optional.empty());
    }
    Earlier earlier = Earlier.in(folder);
    earlier.requireSameRun(config);
    // What the learner has not learned from yet lies with the broker that the run began with.
    boolean own = options.command().isQuickstart() || Files.isDirectory(folder.kafka());
    if (own && brokerGiven) {
      throw new UsageError(
          "the run in %s keeps its records with a broker of its own, not at %s; leave the broker out, or start a new run in another folder"
              .formatted(folder, config.kafka().bootstrapServers()));
    }
    String address =
        brokerGiven
            ? config.kafka().bootstrapServers()
            : earlier.config().kafka().bootstrapServers();
    return new RunPlan(
        folder,
        config,
        ReplicaDevices.of(config, options.rollouts(), machine),
        own ? Optional.empty() : Optional.of(address));
  }

  private Map<String, String> layers(TrainOptions options) {
    Map<String, String> layers = new HashMap<>(environment);
    if (options.command().isQuickstart()) {
      layers.putIfAbsent(ConfigLoader.PRESET_VARIABLE, COMPLETE_PRESET);
    }
    if (options.preset().isEmpty()) {
      return layers;
    }
    String preset = options.preset().get();
    layers.put(ConfigLoader.PRESET_VARIABLE, preset);
    Path file = options.config().map(current::resolve).orElse(null);
    String effective = ConfigLoader.given(file, layers, Map.of()).preset().orElseThrow();
    if (!effective.equals(preset)) {
      throw new UsageError(
          "--preset is %s, but %s names the preset %s; leave one of them out"
              .formatted(preset, file, effective));
    }
    return layers;
  }

  private static Map<String, String> overrides(TrainOptions options) {
    Map<String, String> overrides = new HashMap<>(options.overrides());
    options
        .broker()
        .ifPresent(
            address -> {
              if (!address.matches(ADDRESS)) {
                throw new UsageError("--broker is " + address + "; it must be host:port");
              }
              overrides.put(BROKER, address);
            });
    return overrides;
  }

  /** Without this, a run would train the quickstart's policy on its puzzles by mistake. */
  private static void requireInputs(RunConfig asked, GivenKeys given) {
    if (given.preset().filter(COMPLETE_PRESET::equals).isPresent()) {
      return;
    }
    require(given, "policy.path", "the Hugging Face folder that training starts from");
    require(given, "data.train", "a JSON-lines file of problems (docs/training.md)");
    if (asked.evaluation().problems() > 0) {
      require(
          given,
          "data.heldout",
          "a JSON-lines file of problems to evaluate on, or evaluation.problems to 0");
    }
  }

  private static void require(GivenKeys given, String key, String value) {
    if (!given.has(key)) {
      throw new ConfigException(key + " is not set; set it to " + value);
    }
  }
}

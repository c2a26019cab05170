package dev.drpo.cli.plan;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.run.RunLayers;
import dev.drpo.planning.KnownPolicy;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.GivenKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The policy that a plan is made for: its name for people, and its shape. */
record PlannedPolicy(String title, ModelConfig model) {
  private static final String COMPLETE_PRESET = "quickstart";

  /**
   * Finds it.
   *
   * @param named by the user: a folder or a known size
   * @throws UsageError if nothing says which it is
   */
  static PlannedPolicy of(Optional<String> named, RunLayers layers, GivenKeys given) {
    if (named.isPresent()) {
      return KnownPolicy.ofSize(named.get())
          .map(PlannedPolicy::known)
          .orElseGet(() -> ofFolder("--model", layers.current().resolve(named.get())));
    }
    Path path = layers.asked().policy().path();
    if (given.has("policy.path")) {
      return ofFolder("policy.path", layers.current().resolve(path));
    }
    if (given.preset().filter(COMPLETE_PRESET::equals).isPresent()) {
      return ofFolder("policy.path", layers.root().resolve(path));
    }
    return given
        .preset()
        .flatMap(KnownPolicy::ofPreset)
        .map(PlannedPolicy::known)
        .orElseThrow(
            () ->
                new UsageError(
                    "plan needs a policy: name its folder or its size (1.5B, 7B) with --model, set"
                        + " policy.path in the --config file, or name a --preset"));
  }

  private static PlannedPolicy known(KnownPolicy policy) {
    return new PlannedPolicy(policy.title(), policy.model());
  }

  private static PlannedPolicy ofFolder(String source, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageError(
          source
              + " is "
              + folder
              + ", which is no folder; a folder with a config.json is enough, or --model 1.5B or 7B");
    }
    return new PlannedPolicy(folder.normalize().toString(), ModelConfig.read(folder));
  }
}

package dev.drpo.rollout;

import dev.drpo.generation.EngineSettings;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.ConfigException;

/** The module of the JDK that samples to the last bit, which a virtual machine has to be given. */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /**
   * Refuses a virtual machine without it where the run relies on it: a report would promise bits
   * that depend on what else is decoded.
   *
   * @param modules of the virtual machine
   */
  static void require(ModelConfig policy, EngineSettings.Compute compute, ModuleLayer modules) {
    if (compute.batchInvariant(policy) && modules.findModule(NAME).isEmpty()) {
      throw new ConfigException(
          "this rollout service was started without --add-modules=%s, by which it samples to the last bit on a CPU; start it with that option, as ./drpo and the images do"
              .formatted(NAME));
    }
  }
}

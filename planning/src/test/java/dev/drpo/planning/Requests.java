package dev.drpo.planning;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.Map;
import java.util.OptionalDouble;

/** Requests of the paper's runs. */
final class Requests {
  private Requests() {}

  static Request of(KnownPolicy policy, String gpus, int nodes, Map<String, String> changes) {
    RunConfig config = config(policy == KnownPolicy.R1_7B ? "drpo-7b-8k" : "drpo-1.5b-8k", changes);
    return new Request(
        policy.title(),
        policy.model(),
        config,
        Fleet.parse(gpus, nodes),
        Lengths.of(config.sampling(), OptionalDouble.empty()));
  }

  static RunConfig config(String preset, Map<String, String> changes) {
    return ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), changes);
  }
}

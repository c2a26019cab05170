package dev.drpo.learner.run;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.runtime.config.Precision;
import dev.drpo.runtime.config.RewardConfig;
import dev.drpo.runtime.config.RunConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a run is a pure function of its configuration, seed, data and starting policy, to the
 * last bit, on processors of one kind: whatever the load, however many replicas sample, whoever
 * dies meanwhile.
 */
final class Repeatability {
  private static final String CPU = "cpu";

  private Repeatability() {}

  /** What keeps a run from it, each with the key and its value; empty if nothing does. */
  static List<String> obstacles(RunConfig config, ModelConfig policy) {
    List<String> found = new ArrayList<>();
    int maxLag = config.training().maxLag();
    if (maxLag > 0) {
      found.add(
          "training.max-lag is "
              + maxLag
              + ": which version of the weights samples a response depends on the machines' speed");
    }
    if (!config.training().deviceNames().stream().allMatch(CPU::equals)) {
      found.add(
          "training.devices is "
              + config.training().devices()
              + ": a GPU adds numbers up in an order that changes");
    }
    String devices = config.rollout().devices();
    if (config.rollout().usesServer()) {
      found.add("rollout.engine is " + config.rollout().engine().configName() + batch());
    } else if (!devices.equals(CPU)) {
      found.add("rollout.devices is " + devices + batch());
    } else if (config.rollout().compute() != Precision.FLOAT32) {
      found.add("rollout.compute is " + config.rollout().compute().configName() + batch());
    } else if (config.rollout().threads() != 1) {
      found.add("rollout.threads is " + config.rollout().threads() + batch());
    } else if (!PolicySampler.batchInvariantOnCpu(policy)) {
      found.add("the policy's heads have " + policy.headSize() + " components" + batch());
    }
    config
        .reward()
        .functions()
        .forEach(
            (name, weight) -> {
              if (weight > 0 && !RewardConfig.OWN.contains(name)) {
                found.add(
                    "reward.functions names "
                        + name
                        + ": what it answers is not for this configuration to say");
              }
            });
    if (config.run().resumeChanged()) {
      found.add("run.resume-changed is true: the run may have begun under other settings");
    }
    return List.copyOf(found);
  }

  private static String batch() {
    return ": the last bits of what is sampled depend on what else is decoded";
  }
}

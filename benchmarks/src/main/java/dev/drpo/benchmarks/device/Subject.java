package dev.drpo.benchmarks.device;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import java.util.List;

/** How a policy is computed: by what device, in what type. */
interface Subject {
  /**
   * Loads the policy to sample from.
   *
   * @param manager on the subject's device
   */
  PolicySampler sampler(NDManager manager, Safetensors weights, KvCacheSize size);

  /** Loads the policy to learn with. */
  Learner learner(Safetensors weights);

  /** The device that computes. */
  Device device();

  /** A policy on a device, products computed in a type. */
  static Subject of(Device device, ModelConfig config, ElementType compute) {
    return new Subject() {
      @Override
      public PolicySampler sampler(NDManager manager, Safetensors weights, KvCacheSize size) {
        return new PolicySampler(Decoder.load(manager, config, weights, compute), size);
      }

      @Override
      public Learner learner(Safetensors weights) {
        TrainerOptions options =
            new TrainerOptions(compute, false, TrainerOptions.HEAD_ELEMENTS, 1);
        return Learner.of(PolicyTrainer.load(List.of(device), config, weights, options));
      }

      @Override
      public Device device() {
        return device;
      }
    };
  }
}

package dev.drpo.learner.run;

import ai.djl.Device;
import dev.drpo.planning.LearnerMemory;
import dev.drpo.planning.Overhead;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import java.util.List;

/** The devices that a run trains on, and whether the run fits them. */
record TrainingDevices(List<Device> devices, RunConfig config) {
  /**
   * Finds the devices that a run names.
   *
   * @throws ConfigException if this process does not see one of them
   */
  static TrainingDevices of(RunConfig config) {
    return new TrainingDevices(
        config.training().deviceNames().stream().map(TrainingDevices::device).toList(), config);
  }

  private static Device device(String name) {
    try {
      return TensorEngine.device(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("training.devices names " + name + "; " + e.getMessage());
    }
  }

  TrainerOptions options(ModelConfig model) {
    return LearnerMemory.options(config.training(), model);
  }

  /** Micro-batches that are computed at once. */
  int workers() {
    return devices.size() * config.training().threads();
  }

  /** What each device needs. */
  TrainingMemory memory(ModelConfig model) {
    return LearnerMemory.of(config, model);
  }

  /**
   * Refuses a run that does not fit into the memory that its devices have available now. On the
   * CPU, only what stays for the whole run is certain to be needed: sequences seldom are of the
   * longest size.
   *
   * @param memory of each device
   * @param copy bytes of the host's memory for weights on their way to a file
   * @throws ConfigException if it does not
   */
  void requireRoom(TrainingMemory memory, long copy) {
    if (devices.getFirst().isGpu()) {
      requireHostRoom(copy, TensorEngine.availableBytes(Device.cpu()));
      for (Device device : devices) {
        requireRoom(
            memory.toString(),
            memory.total() + Overhead.GPU,
            TensorEngine.availableBytes(device),
            TensorEngine.name(device));
      }
    } else {
      requireRoom(
          memory + "; weights to publish: " + TrainingMemory.gigabytes(copy),
          memory.standing() * devices.size() + copy,
          TensorEngine.availableBytes(Device.cpu()),
          "the CPU");
    }
  }

  static void requireHostRoom(long copy, long available) {
    if (copy > available) {
      throw new ConfigException(
          "publishing weights takes a copy of "
              + TrainingMemory.gigabytes(copy)
              + " in the host's memory, of which only "
              + TrainingMemory.gigabytes(available)
              + " are available; set weights.type to bfloat16, which halves it, or give this"
              + " machine more memory");
    }
  }

  static void requireRoom(String plan, long needed, long available, String device) {
    if (needed > available) {
      throw new ConfigException(
          "training needs "
              + TrainingMemory.gigabytes(needed)
              + " on "
              + device
              + ", of which only "
              + TrainingMemory.gigabytes(available)
              + " are available (each of training.devices: "
              + plan
              + "); set training.compute to bfloat16 and training.recompute to layers, lower"
              + " training.tokens-per-micro-batch and training.retained-tokens, or name more GPUs");
    }
  }
}

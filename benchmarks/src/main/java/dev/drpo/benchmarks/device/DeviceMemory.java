package dev.drpo.benchmarks.device;

import ai.djl.Device;
import dev.drpo.benchmarks.machine.ProcessMemory;
import dev.drpo.policy.engine.TensorEngine;

/**
 * What this process takes of a device's memory from a moment on. On a GPU that is what its free
 * memory lost: the tensor library gives back nothing that it once took, so that the end tells the
 * peak; but others that use the card disturb it. On the CPU it is the peak of what is resident.
 */
final class DeviceMemory {
  private static final double MOST = 1.1;
  private static final long BESIDE_GPU = 2_000_000_000L;
  private static final long BESIDE_CPU = 700_000_000L;

  private final Device device;
  private final long before;

  private DeviceMemory(Device device, long before) {
    this.device = device;
    this.before = before;
  }

  /** Begins. On a GPU the process has its context afterwards, which is not counted. */
  static DeviceMemory from(Device device) {
    // Whatever a device needs before its first tensor is there once it has one.
    try (var manager = TensorEngine.newManager(device)) {
      manager.create(0f).toFloatArray();
    }
    return new DeviceMemory(
        device,
        device.isGpu()
            ? TensorEngine.availableBytes(device)
            : ProcessMemory.ofThisProcess().resident());
  }

  /** Most bytes taken since. */
  long taken() {
    return device.isGpu()
        ? before - TensorEngine.availableBytes(device)
        : ProcessMemory.ofThisProcess().peak() - before;
  }

  /** The check of a plan against what was taken. */
  Check against(String what, long planned) {
    long taken = taken();
    return Check.atMost(
        what + ": memory",
        taken / 1e9,
        (planned * MOST + beside()) / 1e9,
        "GB",
        "taken, where the plan says %.2f GB".formatted(planned / 1e9),
        "a tenth above the plan, and %.1f GB for %s"
            .formatted(
                beside() / 1e9,
                device.isGpu()
                    ? "kernels, workspaces and what the allocator can't use"
                    : "the Java heap and compiled code"));
  }

  private long beside() {
    return device.isGpu() ? BESIDE_GPU : BESIDE_CPU;
  }
}

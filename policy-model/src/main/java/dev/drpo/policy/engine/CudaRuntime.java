package dev.drpo.policy.engine;

import ai.djl.engine.EngineException;
import ai.djl.util.cuda.CudaUtils;
import java.util.Optional;

/**
 * The runtime of CUDA as the tensor engine's binding finds it, by which it sees GPUs. That binding
 * asks the system's loader for {@code libcudart.so}, and where there is none, looks for one with a
 * version behind its name in the folders of the loader's cache.
 */
public final class CudaRuntime {
  /** What 1000 times a major version and 10 times a minor one make. */
  private static final int MAJOR = 1000;

  private static final int MINOR = 10;

  private CudaRuntime() {}

  /** Its version, such as 12.4; empty where it is not found. */
  public static Optional<String> version() {
    try {
      int version = CudaUtils.getCudaVersion();
      return Optional.of("%d.%d".formatted(version / MAJOR, version % MAJOR / MINOR));
    } catch (IllegalStateException | EngineException e) {
      return Optional.empty();
    }
  }

  /** How many GPUs it sees; 0 also where the driver is missing or too old. */
  public static int gpus() {
    return CudaUtils.getGpuCount();
  }

  /** Compute capability of a GPU, such as 8.0. */
  public static String computeCapability(int gpu) {
    String digits = CudaUtils.getComputeCapability(gpu);
    return digits.substring(0, digits.length() - 1) + "." + digits.charAt(digits.length() - 1);
  }
}

package dev.drpo.cli.doctor;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.machine.Gpu;
import dev.drpo.cli.machine.Gpus;
import dev.drpo.policy.engine.CudaRuntime;
import dev.drpo.policy.engine.TensorLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What this machine has for computing on GPUs.
 *
 * @param gpus what the driver tells
 * @param problem why the driver tells nothing, if it should
 * @param driverLoaded whether the kernel has the driver
 * @param driverLibrary whether its library, {@code libcuda.so.1}, loads
 * @param runtimeElsewhere whether {@code libcudart.so.12} loads, which is the runtime under the
 *     name of its version
 * @param runtime version of the runtime as the tensor engine finds it
 * @param capabilities compute capability of each GPU that the runtime sees
 * @param library what the tensor engine was built with
 */
record GpuFacts(
    List<Gpu> gpus,
    Optional<String> problem,
    boolean driverLoaded,
    boolean driverLibrary,
    boolean runtimeElsewhere,
    Optional<String> runtime,
    List<String> capabilities,
    Optional<TensorLibrary> library) {

  static GpuFacts gather(Host host, Gpus gpus, Optional<TensorLibrary> library) {
    List<Gpu> found = List.of();
    Optional<String> problem = Optional.empty();
    try {
      found = gpus.list();
    } catch (UsageError e) {
      problem = Optional.of(e.getMessage());
    }
    return new GpuFacts(
        found,
        problem,
        host.line("proc/driver/nvidia/version").isPresent(),
        loads("libcuda.so.1"),
        loads("libcudart.so.12"),
        CudaRuntime.version(),
        IntStream.range(0, CudaRuntime.gpus()).mapToObj(CudaRuntime::computeCapability).toList(),
        library);
  }

  @SuppressWarnings("restricted") // Nothing of the library is called.
  private static boolean loads(String library) {
    try (Arena arena = Arena.ofConfined()) {
      var _ = SymbolLookup.libraryLookup(library, arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether anything here speaks of a GPU. */
  boolean isWithout() {
    return gpus.isEmpty() && problem.isEmpty() && !driverLoaded && !driverLibrary;
  }
}
